import { strict as assert } from "node:assert";
import { suite } from "uvu";
import { withReleased } from "./tfvars";

const test = suite("released in tfvars");

const TEXT = `# released = ["a comment"]
name        = "ttsslsguru"
released    = []   # who left already
timeouts    = { released = 3 }
`;

test("changes that one list and not a byte beside it", () => {
  const edited = withReleased("dev.tfvars", TEXT, ["delivery", "speech"]);
  assert.equal(edited, TEXT.replace("= []   #", '= ["delivery", "speech"]   #'));
  assert.equal(withReleased("dev.tfvars", edited, []), TEXT);
  assert.equal(withReleased("dev.tfvars", TEXT, []), TEXT);
});

test("Windows line ends and a file without a final newline stay as they are", () => {
  assert.equal(withReleased("f", 'a = 1\r\nreleased = ["x"]\r\n', []), "a = 1\r\nreleased = []\r\n");
  assert.equal(withReleased("f", "released=[]", ["delivery"]), 'released=["delivery"]');
});

test("a list that is missing, doubled or on several lines is refused with the line to write", () => {
  const fixed = (text: string): string => {
    try {
      withReleased("dev.tfvars", text, ["delivery"]);
      return "";
    } catch (error) {
      const { message, fix } = error as Error & { fix: string };
      return `${message} | ${fix}`;
    }
  };
  assert.match(fixed('name = "x"\n'), /dev.tfvars has no line .* \| write `released = \["delivery"\]` on one line/);
  assert.match(fixed("released = []\nreleased = []\n"), /has 2 lines/);
  assert.match(fixed('released = [\n  "delivery",\n]\n'), /has no line/);
});

test.run();
