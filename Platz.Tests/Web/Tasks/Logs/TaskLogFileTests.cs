using System.Net;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Tasks.Logs;

public sealed class TaskLogFileTests(PostgresServer postgres) : WebTest(postgres)
{
    private LogHand _log = null!;
    private HttpClient _client = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await EnqueueAsync(await AddDeploymentAsync());
        _log = await LogHand.StartAsync(Queue, Services, Claims(), Cancel, new TaskLogLimits(30, 200));
        _client = Server.Client();
        _client.DefaultRequestHeaders.Add("Cookie", await Server.SignInAsync(await UserAsync(), Cancel));
    }

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task All_of_it_comes_with_its_colours_and_a_part_of_it_plain()
    {
        await _log.WriteAsync(Phase.HelmUpgrade, "one", "\u001b[31mtwo\u001b[0m", "three", "four");

        Assert.Equal("one\n\u001b[31mtwo\u001b[0m\nthree\nfour\n", await TextAsync(""));
        Assert.Equal("two\nthree\n", await TextAsync("?line=2-3&plain=true"));
        Assert.Equal("four\n", await TextAsync("?line=4"));
        Assert.Equal("", await TextAsync("?line=9-12"));
    }

    [Fact]
    public async Task A_part_that_reaches_into_the_gap_says_so()
    {
        await _log.WriteAsync(Phase.HelmUpgrade, 100);

        var lines = (await TextAsync("")).Split('\n');
        Assert.Equal(("line 5", "line 100", ""), (lines[4], lines[^2], lines[^1]));
        var gap = lines[5];
        var next = int.Parse(lines[6].Split(' ')[1], null);
        Assert.StartsWith($"[{next - 6} lines, ", gap, StringComparison.Ordinal);
        Assert.Equal($"line 4\nline 5\n{gap}\nline {next}\n", await TextAsync($"?line=4-{next}"));
        Assert.Equal($"[{next - 10} lines were not kept]\nline {next}\n", await TextAsync($"?line=10-{next}"));
    }

    [Fact]
    public async Task A_task_that_is_not_there_has_no_file()
    {
        using var response = await _client.GetAsync($"tasks/{Guid.NewGuid()}/log.txt", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<string> TextAsync(string query)
    {
        using var response = await _client.GetAsync($"tasks/{_log.Task.Id}/log.txt{query}", Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
