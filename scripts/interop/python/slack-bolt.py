import threading

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from target import env, slack_options

app = App(client=WebClient(env["SLACK_BOT_TOKEN"], **slack_options))
answered = threading.Event()


@app.message("ping")
def pong(say):
    say("pong")
    answered.set()


handler = SocketModeHandler(app, env["SLACK_APP_TOKEN"], web_client=app.client)
handler.connect()
channel = app.client.conversations_create(name="interop")["channel"]["id"]
person = WebClient(env["SLACK_USER_TOKEN"], **slack_options)
person.conversations_join(channel=channel)
person.chat_postMessage(channel=channel, text="ping")
assert answered.wait(10)
assert app.client.conversations_history(channel=channel)["messages"][0]["text"] == "pong"
handler.close()
