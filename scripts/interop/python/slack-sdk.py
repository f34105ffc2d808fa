from slack_sdk import WebClient
from target import env, slack_options

slack = WebClient(env["SLACK_BOT_TOKEN"], **slack_options)
channel = slack.conversations_create(name="interop")["channel"]["id"]
slack.chat_postMessage(channel=channel, text="Hello")
slack.files_upload_v2(channel=channel, filename="a.txt", content="A file")
messages = slack.conversations_history(channel=channel)["messages"]
assert any(message["text"] == "Hello" for message in messages)
assert any(message.get("files", [{}])[0].get("name") == "a.txt" for message in messages)
