variable "name" {
  type        = string
  description = "Name of the table, and the beginning of the bucket's name."
}
