/**
 * How each Terraform type's import id is made from its attributes, as the "## Import" section of the documentation of
 * `@pulumi/aws` 6.83.0 says (`node_modules/@pulumi/aws/<module>.d.ts`; a test compares every row with it). The `id` in
 * a state often is something else, so it is used only where the documentation names it.
 *
 * `{a}` attribute · `{a|b}` the first that is set · `{a:last}` last segment of a name or ARN · `{a:all}` list joined by
 * "/" · `[…]` left out when an attribute in it is not set.
 */
export interface ImportIdFormat {
  /** Module of @pulumi/aws whose documentation says so. */
  readonly module: string;
  readonly format: string;
}

const bucketSetting = "{bucket}[,{expected_bucket_owner}]";

const table: Readonly<Record<string, readonly [module: string, format: string]>> = {
  // The pipeline.
  aws_s3_bucket: ["s3/bucketV2", "{bucket}"],
  aws_s3_bucket_public_access_block: ["s3/bucketPublicAccessBlock", "{bucket}"],
  aws_s3_bucket_versioning: ["s3/bucketVersioningV2", bucketSetting],
  aws_s3_bucket_server_side_encryption_configuration: ["s3/bucketServerSideEncryptionConfigurationV2", bucketSetting],
  aws_s3_bucket_policy: ["s3/bucketPolicy", "{bucket}"],
  aws_dynamodb_table: ["dynamodb/table", "{name}"],
  aws_iam_role: ["iam/role", "{name}"],
  aws_iam_role_policy: ["iam/rolePolicy", "{role}:{name}"],
  aws_cloudwatch_log_group: ["cloudwatch/logGroup", "{name}"],
  aws_sqs_queue: ["sqs/queue", "{url}"],
  aws_lambda_function: ["lambda/function", "{function_name}"],
  aws_lambda_event_source_mapping: ["lambda/eventSourceMapping", "{uuid}"],
  aws_cloudfront_origin_access_control: ["cloudfront/originAccessControl", "{id}"],
  aws_cloudfront_distribution: ["cloudfront/distribution", "{id}"],

  // Storage and messages.
  aws_s3_bucket_acl: ["s3/bucketAclV2", "{bucket}[,{expected_bucket_owner}][,{acl}]"],
  aws_s3_bucket_cors_configuration: ["s3/bucketCorsConfigurationV2", bucketSetting],
  aws_s3_bucket_lifecycle_configuration: ["s3/bucketLifecycleConfigurationV2", bucketSetting],
  aws_s3_bucket_logging: ["s3/bucketLoggingV2", bucketSetting],
  aws_s3_bucket_website_configuration: ["s3/bucketWebsiteConfigurationV2", bucketSetting],
  aws_s3_bucket_notification: ["s3/bucketNotification", "{bucket}"],
  aws_s3_bucket_ownership_controls: ["s3/bucketOwnershipControls", "{bucket}"],
  aws_s3_object: ["s3/bucketObjectv2", "{bucket}/{key}"],
  aws_s3_bucket_object: ["s3/bucketObject", "{bucket}/{key}"],
  aws_sns_topic: ["sns/topic", "{arn}"],
  aws_sns_topic_policy: ["sns/topicPolicy", "{arn}"],
  aws_sns_topic_subscription: ["sns/topicSubscription", "{arn}"],
  aws_sqs_queue_policy: ["sqs/queuePolicy", "{queue_url}"],
  aws_kinesis_stream: ["kinesis/stream", "{name}"],
  aws_ecr_repository: ["ecr/repository", "{name}"],
  aws_ecr_repository_policy: ["ecr/repositoryPolicy", "{repository}"],
  aws_ecr_lifecycle_policy: ["ecr/lifecyclePolicy", "{repository}"],
  aws_efs_file_system: ["efs/fileSystem", "{id}"],
  aws_rds_cluster: ["rds/cluster", "{cluster_identifier}"],
  aws_db_instance: ["rds/instance", "{identifier}"],
  aws_db_subnet_group: ["rds/subnetGroup", "{name}"],
  aws_elasticache_cluster: ["elasticache/cluster", "{cluster_id}"],
  aws_backup_selection: ["backup/selection", "{plan_id}|{id}"],

  // Identity and secrets.
  aws_iam_policy: ["iam/policy", "{arn}"],
  aws_iam_user: ["iam/user", "{name}"],
  aws_iam_group: ["iam/group", "{name}"],
  aws_iam_instance_profile: ["iam/instanceProfile", "{name}"],
  aws_iam_user_policy: ["iam/userPolicy", "{user}:{name}"],
  aws_iam_group_policy: ["iam/groupPolicy", "{group}:{name}"],
  aws_iam_role_policy_attachment: ["iam/rolePolicyAttachment", "{role}/{policy_arn}"],
  aws_iam_user_policy_attachment: ["iam/userPolicyAttachment", "{user}/{policy_arn}"],
  aws_iam_group_policy_attachment: ["iam/groupPolicyAttachment", "{group}/{policy_arn}"],
  aws_iam_user_group_membership: ["iam/userGroupMembership", "{user}/{groups:all}"],
  aws_kms_key: ["kms/key", "{key_id}"],
  aws_kms_alias: ["kms/alias", "{name}"],
  aws_secretsmanager_secret: ["secretsmanager/secret", "{arn}"],
  aws_secretsmanager_secret_version: ["secretsmanager/secretVersion", "{secret_id}|{version_id}"],
  aws_ssm_parameter: ["ssm/parameter", "{name}"],
  aws_acm_certificate: ["acm/certificate", "{arn}"],
  aws_cognito_user_pool: ["cognito/userPool", "{id}"],
  aws_cognito_user_pool_client: ["cognito/userPoolClient", "{user_pool_id}/{id}"],
  aws_cognito_resource_server: ["cognito/resourceServer", "{user_pool_id}|{identifier}"],
  aws_wafv2_ip_set: ["wafv2/ipSet", "{id}/{name}/{scope}"],

  // Functions, events, logs.
  aws_lambda_alias: ["lambda/alias", "{function_name:last}/{name}"],
  aws_lambda_permission: ["lambda/permission", "{function_name:last}[:{qualifier}]/{statement_id}"],
  aws_lambda_function_url: ["lambda/functionUrl", "{function_name:last}[/{qualifier}]"],
  aws_lambda_layer_version: ["lambda/layerVersion", "{arn}"],
  aws_lambda_function_event_invoke_config: ["lambda/functionEventInvokeConfig", "{function_name}[:{qualifier}]"],
  aws_lambda_provisioned_concurrency_config: ["lambda/provisionedConcurrencyConfig", "{function_name},{qualifier}"],
  aws_sfn_state_machine: ["sfn/stateMachine", "{arn}"],
  aws_cloudwatch_event_bus: ["cloudwatch/eventBus", "{name}"],
  aws_cloudwatch_event_rule: ["cloudwatch/eventRule", "[{event_bus_name}/]{name}"],
  aws_cloudwatch_event_target: ["cloudwatch/eventTarget", "[{event_bus_name}/]{rule}/{target_id}"],
  aws_cloudwatch_log_stream: ["cloudwatch/logStream", "{log_group_name}:{name}"],
  aws_cloudwatch_log_metric_filter: ["cloudwatch/logMetricFilter", "{log_group_name}:{name}"],
  aws_cloudwatch_log_subscription_filter: ["cloudwatch/logSubscriptionFilter", "{log_group_name}|{name}"],
  aws_cloudwatch_metric_alarm: ["cloudwatch/metricAlarm", "{alarm_name}"],
  aws_cloudwatch_dashboard: ["cloudwatch/dashboard", "{dashboard_name}"],
  aws_cloudformation_stack: ["cloudformation/stack", "{name}"],

  // API Gateway and CloudFront.
  aws_api_gateway_rest_api: ["apigateway/restApi", "{id}"],
  aws_api_gateway_resource: ["apigateway/resource", "{rest_api_id}/{id}"],
  aws_api_gateway_method: ["apigateway/method", "{rest_api_id}/{resource_id}/{http_method}"],
  aws_api_gateway_integration: ["apigateway/integration", "{rest_api_id}/{resource_id}/{http_method}"],
  aws_api_gateway_method_response: [
    "apigateway/methodResponse",
    "{rest_api_id}/{resource_id}/{http_method}/{status_code}",
  ],
  aws_api_gateway_integration_response: [
    "apigateway/integrationResponse",
    "{rest_api_id}/{resource_id}/{http_method}/{status_code}",
  ],
  aws_api_gateway_deployment: ["apigateway/deployment", "{rest_api_id}/{id}"],
  aws_api_gateway_authorizer: ["apigateway/authorizer", "{rest_api_id}/{id}"],
  aws_api_gateway_request_validator: ["apigateway/requestValidator", "{rest_api_id}/{id}"],
  aws_api_gateway_model: ["apigateway/model", "{rest_api_id}/{name}"],
  aws_api_gateway_stage: ["apigateway/stage", "{rest_api_id}/{stage_name}"],
  aws_api_gateway_method_settings: ["apigateway/methodSettings", "{rest_api_id}/{stage_name}/{method_path}"],
  aws_api_gateway_gateway_response: ["apigateway/response", "{rest_api_id}/{response_type}"],
  aws_api_gateway_usage_plan_key: ["apigateway/usagePlanKey", "{usage_plan_id}/{key_id}"],
  aws_api_gateway_base_path_mapping: ["apigateway/basePathMapping", "{domain_name}/[{base_path}][/{domain_name_id}]"],
  aws_apigatewayv2_api: ["apigatewayv2/api", "{id}"],
  aws_apigatewayv2_integration: ["apigatewayv2/integration", "{api_id}/{id}"],
  aws_apigatewayv2_route: ["apigatewayv2/route", "{api_id}/{id}"],
  aws_apigatewayv2_stage: ["apigatewayv2/stage", "{api_id}/{name}"],
  aws_apigatewayv2_authorizer: ["apigatewayv2/authorizer", "{api_id}/{id}"],
  aws_apigatewayv2_deployment: ["apigatewayv2/deployment", "{api_id}/{id}"],
  aws_apigatewayv2_model: ["apigatewayv2/model", "{api_id}/{id}"],
  aws_apigatewayv2_api_mapping: ["apigatewayv2/apiMapping", "{id}/{domain_name}"],
  aws_cloudfront_cache_policy: ["cloudfront/cachePolicy", "{id}"],
  aws_cloudfront_function: ["cloudfront/function", "{name}"],

  // Networks, names, balancers, containers.
  aws_vpc: ["ec2/vpc", "{id}"],
  aws_subnet: ["ec2/subnet", "{id}"],
  aws_internet_gateway: ["ec2/internetGateway", "{id}"],
  aws_nat_gateway: ["ec2/natGateway", "{id}"],
  aws_eip: ["ec2/eip", "{allocation_id}"],
  aws_instance: ["ec2/instance", "{id}"],
  aws_security_group: ["ec2/securityGroup", "{id}"],
  aws_vpc_security_group_ingress_rule: ["vpc/securityGroupIngressRule", "{security_group_rule_id}"],
  aws_vpc_security_group_egress_rule: ["vpc/securityGroupEgressRule", "{security_group_rule_id}"],
  aws_route_table: ["ec2/routeTable", "{id}"],
  aws_route: [
    "ec2/route",
    "{route_table_id}_{destination_cidr_block|destination_ipv6_cidr_block|destination_prefix_list_id}",
  ],
  aws_route_table_association: ["ec2/routeTableAssociation", "{subnet_id|gateway_id}/{route_table_id}"],
  aws_network_acl_rule: ["ec2/networkAclRule", "{network_acl_id}:{rule_number}:{protocol}:{egress}"],
  aws_volume_attachment: ["ec2/volumeAttachment", "{device_name}:{volume_id}:{instance_id}"],
  aws_vpc_endpoint_route_table_association: [
    "ec2/vpcEndpointRouteTableAssociation",
    "{vpc_endpoint_id}/{route_table_id}",
  ],
  aws_vpc_endpoint_subnet_association: ["ec2/vpcEndpointSubnetAssociation", "{vpc_endpoint_id}/{subnet_id}"],
  aws_network_interface_sg_attachment: [
    "ec2/networkInterfaceSecurityGroupAttachment",
    "{network_interface_id}_{security_group_id}",
  ],
  aws_route53_zone: ["route53/zone", "{zone_id}"],
  aws_route53_record: ["route53/record", "{zone_id}_{name}_{type}[_{set_identifier}]"],
  aws_route53_zone_association: ["route53/zoneAssociation", "{zone_id}:{vpc_id}[:{vpc_region}]"],
  aws_lb: ["lb/loadBalancer", "{arn}"],
  aws_lb_target_group: ["lb/targetGroup", "{arn}"],
  aws_lb_listener: ["lb/listener", "{arn}"],
  aws_lb_listener_rule: ["lb/listenerRule", "{arn}"],
  aws_lb_listener_certificate: ["lb/listenerCertificate", "{listener_arn}_{certificate_arn}"],
  aws_ecs_cluster: ["ecs/cluster", "{name}"],
  aws_ecs_service: ["ecs/service", "{cluster:last}/{name}"],
  aws_ecs_task_definition: ["ecs/taskDefinition", "{arn}"],
  aws_eks_cluster: ["eks/cluster", "{name}"],
  aws_appautoscaling_target: ["appautoscaling/target", "{service_namespace}/{resource_id}/{scalable_dimension}"],
  aws_appautoscaling_policy: ["appautoscaling/policy", "{service_namespace}/{resource_id}/{scalable_dimension}/{name}"],
  aws_autoscaling_policy: ["autoscaling/policy", "{autoscaling_group_name}/{name}"],
  aws_autoscaling_lifecycle_hook: ["autoscaling/lifecycleHook", "{autoscaling_group_name}/{name}"],
  aws_autoscaling_schedule: ["autoscaling/schedule", "{autoscaling_group_name}/{scheduled_action_name}"],
  aws_service_discovery_private_dns_namespace: ["servicediscovery/privateDnsNamespace", "{id}:{vpc}"],
  aws_service_discovery_instance: ["servicediscovery/instance", "{service_id}/{instance_id}"],
  aws_dx_gateway_association: ["directconnect/gatewayAssociation", "{dx_gateway_id}/{associated_gateway_id}"],
};

export const importIdFormats: ReadonlyMap<string, ImportIdFormat> = new Map(
  Object.entries(table).map(([type, [module, format]]) => [type, { module, format }]),
);

/** Types that the documentation of 6.83.0 calls impossible to import, or describes no import for; with what to do. */
export const notImportable: ReadonlyMap<string, string> = new Map([
  ["aws_lb_target_group_attachment", "Let Pulumi register the target anew after the move."],
  ["aws_dynamodb_table_item", "Leave the item to the application's data; it is no infrastructure."],
  ["aws_vpn_gateway_attachment", "Use `vpc_id` of the VPN gateway, which imports."],
  ["aws_acm_certificate_validation", "Create it in Pulumi after the move: it only waits for a certificate."],
  ["aws_autoscaling_attachment", "Name the target groups in the autoscaling group, which imports."],
  ["aws_iam_policy_attachment", "Replace it by attachments per role, user and group, which import."],
  ["aws_iam_group_membership", "Replace it by aws_iam_user_group_membership, which imports."],
  ["aws_lambda_invocation", "Leave it behind: an invocation is an event, not a resource."],
  ["aws_main_route_table_association", "Create it in Pulumi after the move; it only overwrites a setting."],
  ["aws_kms_ciphertext", "Create it in Pulumi after the move; it exists only in the state."],
  ["aws_s3_object_copy", "Move the object as aws_s3_object."],
]);
