using System.Net;
using System.Text;
using Platz.Core.Charts.Extensions;
using Platz.Core.Tasks;
using Platz.Runner.Http;
using Platz.Runner.Reporting;

namespace Platz.Tests.Runner.Reporting;

public sealed class StatusPollTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 15)]
    [InlineData(14, 15)]
    [InlineData(40, 40)]
    [InlineData(3600, 3600)]
    public void A_chart_is_asked_as_often_as_it_wants_but_no_more_than_every_15_s(int wanted, int seconds)
    {
        var poll = Poll(wanted);

        poll.Take(Answer("""{"status":{"name":"Up"}}"""), s_now);

        Assert.Equal(TimeSpan.FromSeconds(seconds), poll.DueAt - s_now);
    }

    [Fact]
    public void One_that_does_not_answer_is_asked_later_and_later_until_it_does()
    {
        var poll = Poll(60);

        double[] pauses = [.. Enumerable.Range(0, 12).Select(_ => Pause(poll, StatusAnswer.Failed("It is gone.")))];

        Assert.Equal([60, 120, 240, 300, 300, 300, 300, 300, 300, 300, 300, 300], pauses);
        Assert.Equal(60, Pause(poll, Answer("{}")));
        Assert.Equal(3600, Pause(Poll(3600), StatusAnswer.Failed("It is gone.")));
    }

    [Fact]
    public void The_same_again_is_news_once_a_minute()
    {
        var poll = Poll(15);

        Assert.True(poll.Take(Answer("""{"a":1}"""), s_now));
        Assert.False(poll.Take(Answer("""{"a":1}"""), s_now.AddSeconds(59)));
        Assert.True(poll.Take(Answer("""{"a":1}"""), s_now.AddSeconds(60)));
        Assert.True(poll.Take(Answer("""{"a":2}"""), s_now.AddSeconds(61)));
        Assert.True(poll.Take(StatusAnswer.Failed("It is gone."), s_now.AddSeconds(62)));
    }

    [Theory]
    [InlineData("[]", "Its answer is no status document.")]
    [InlineData("null", "Its answer is no status document.")]
    [InlineData("", "Its answer is no JSON.")]
    [InlineData("<html>", "Its answer is no JSON.")]
    [InlineData("""{"a":1,"a":2}""", "Its answer is no JSON.")]
    public void What_is_no_status_is_said_so(string body, string error) => Assert.Equal(error, Answer(body).Error);

    [Fact]
    public void Refusals_and_endless_answers_are_told()
    {
        var refused = new IngressAnswer(HttpStatusCode.BadGateway, "{}"u8.ToArray(), IsCut: false);
        var endless = new IngressAnswer(HttpStatusCode.OK, "{}"u8.ToArray(), IsCut: true);

        Assert.Equal("It answered 502 Bad Gateway.", StatusAnswer.Of(refused, new Redactor([])).Error);
        Assert.Contains("64 KiB", StatusAnswer.Of(endless, new Redactor([])).Error);
    }

    [Fact]
    public void The_token_of_the_call_is_shown_to_nobody_and_NUL_is_replaced()
    {
        var body = Encoding.UTF8.GetBytes("""{"got":"Bearer abcdef-the-token","nul":"a\u0000b"}""");

        var answer = StatusAnswer.Of(new IngressAnswer(HttpStatusCode.OK, body, IsCut: false), new Redactor(["abcdef-the-token"]));

        Assert.DoesNotContain("the-token", answer.ToText());
        Assert.Equal("a\ufffdb", (string?)answer.Content!["nul"]);
        var stored = answer.ToJson(s_now);
        Assert.Equal((true, null), ((bool)stored["get_successful"]!, stored["error"]));
        Assert.Equal(["timestamp", "get_successful", "content", "error"], stored.Select(p => p.Key));
    }

    private static double Pause(StatusPoll poll, StatusAnswer answer)
    {
        poll.Take(answer, s_now);
        return (poll.DueAt - s_now).TotalSeconds;
    }

    private static StatusAnswer Answer(string body) => StatusAnswer.Of(
        new IngressAnswer(HttpStatusCode.OK, Encoding.UTF8.GetBytes(body), IsCut: false), new Redactor([]));

    private static StatusPoll Poll(int seconds) => new(Guid.Empty, Guid.Empty, "shop", "web-shop",
        ChartFeatures.Default with { Status = new StatusEndpoint("/status", seconds) });
}
