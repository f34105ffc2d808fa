package main

import (
	"os"

	"dtu/interop/target"

	"github.com/slack-go/slack"
)

func main() {
	var options []slack.Option
	if target.Pointed {
		options = append(options, slack.OptionAPIURL(os.Getenv("SLACK_API_URL")))
	}
	client := slack.New(os.Getenv("SLACK_BOT_TOKEN"), options...)
	channel, err := client.CreateConversation(slack.CreateConversationParams{ChannelName: "interop"})
	target.Must(err)
	_, _, err = client.PostMessage(channel.ID, slack.MsgOptionText("Hello", false))
	target.Must(err)
	history, err := client.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: channel.ID})
	target.Must(err)
	target.Equal(history.Messages[0].Text, "Hello")
}
