import threading

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from target import env, slack_options

app = App(client=WebClient(env["SLACK_BOT_TOKEN"], **slack_options))
answered = threading.Event()


@app.event("member_joined_channel")
def welcome(event, say):
    say(text=f"Hello <@{event['user']}>", channel=event["channel"])
    if event["user"] == person_id:
        answered.set()


person = WebClient(env["SLACK_USER_TOKEN"], **slack_options)
person_id = person.auth_test()["user_id"]
handler = SocketModeHandler(app, env["SLACK_APP_TOKEN"], web_client=app.client)
handler.connect()
channel = app.client.conversations_create(name="interop")["channel"]["id"]
person.conversations_join(channel=channel)
assert answered.wait(10)
messages = app.client.conversations_history(channel=channel)["messages"]
assert any(message["text"] == f"Hello <@{person_id}>" for message in messages)
handler.close()
