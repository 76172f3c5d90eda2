using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Platz.Core.Data;
using Platz.Tests.Support;

namespace Platz.Tests.Journeys.Planted;

/// <summary>
/// Looks at everything that is shown of some deployments and their tasks, and keeps whatever came to the browser: each
/// page as it stood, each answer, each frame of its circuits. Also what the API and the downloads say, and what the web
/// process logged.
/// </summary>
internal sealed class Pages(WebServer server, IPage page, Guid userId) : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Place, byte[] Bytes)> _seen = [];

    /// <summary>What came from where, with the log of the process so far.</summary>
    public IEnumerable<(string Place, byte[] Bytes)> Seen =>
        _seen.Append(("the log of the web process", Encoding.UTF8.GetBytes(string.Join('\n', server.Log.Lines))));

    public static async Task<Pages> OpenAsync(
        Browser browser, string database, string keyFile, Guid userId, CancellationToken cancel)
    {
        var server = await WebServer.StartAsync(database, cancel, keyFile: keyFile, level: LogLevel.Trace);
        return new Pages(server, await browser.SignInAsync(server, userId, [], cancel), userId);
    }

    public async Task VisitAsync(IReadOnlyList<Guid> deployments, IReadOnlyList<Guid> tasks, CancellationToken cancel)
    {
        page.WebSocket += (_, socket) =>
        {
            socket.FrameReceived += (_, frame) => Keep("a frame to the browser", frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? ""));
            socket.FrameSent += (_, frame) => Keep("a frame from the browser", frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? ""));
        };
        foreach (var deployment in deployments)
        {
            await VisitAsync(deployment);
        }

        await LookAsync($"/tasks/{tasks[0]}/log", "[role=log]");
        foreach (var task in tasks.Chunk(4).Select(some => some[^1])) // some of each kind
        {
            await LookAsync($"/tasks/{task}", "[role=log]");
            await page.GetByText("Raw JSON").ClickAsync();
            await page.Locator("#raw-task").WaitForAsync();
            await KeepPageAsync($"/tasks/{task}, unfolded");
        }

        await LookAsync("/tasks", "tr.task, .empty");
        await LookAsync("/envs/demo/settings/secrets", "table, .empty");
        await AskAsync(deployments, tasks, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await page.Context.CloseAsync();
        await server.DisposeAsync();
    }

    private async Task VisitAsync(Guid deployment)
    {
        await LookAsync($"/deployments/{deployment}", "#config");
        var place = new Uri(page.Url).AbsolutePath;
        if (await page.GetByText("Show the final values").CountAsync() > 0)
        {
            await page.GetByText("Show the final values").ClickAsync();
            await page.WaitForTimeoutAsync(300);
            await KeepPageAsync("final values");
        }

        await LookAsync($"{place}/edit", "main input, .empty");
        await LookAsync($"{place}/resources", "main table, .empty");
        await LookAsync($"{place}/history", "tr.task");
        for (var i = 0; i < await page.GetByLabel("Details").CountAsync(); i++)
        {
            await page.GetByLabel("Details").Nth(i).ClickAsync();
            await page.Locator(".task-expanded .details-main section").First.WaitForAsync();
        }

        await KeepPageAsync($"{place}/history, unfolded");
    }

    private async Task LookAsync(string path, string selector)
    {
        var answer = await page.GotoAsync(new Uri(server.Url, path).ToString());
        Keep($"the document {path}", await answer!.BodyAsync());
        await page.Locator(selector).First.WaitForAsync();
        await KeepPageAsync(path);
    }

    private async Task KeepPageAsync(string path) => Keep($"the page {path}", Encoding.UTF8.GetBytes(await page.ContentAsync()));

    /// <summary>What programs are told.</summary>
    private async Task AskAsync(IReadOnlyList<Guid> deployments, IReadOnlyList<Guid> tasks, CancellationToken cancel)
    {
        var databases = server.Services.GetRequiredService<IDbContextFactory<PlatzDb>>();
        await using var db = await databases.CreateDbContextAsync(cancel);
        using var client = await server.ApiClientAsync(await db.Users.SingleAsync(u => u.Id == userId, cancel), cancel);
        string[] lists =
        [
            "deployments", "deployment-tasks", "deployment-resources", "k8s-resources", "k8s-clusters", "secrets",
            "helm-registries", "helm-charts", "envs",
        ];
        foreach (var path in lists.Concat(deployments.Select(id => $"deployments/{id}"))
            .Concat(tasks.SelectMany(id => new[] { $"deployment-tasks/{id}", $"deployment-tasks/{id}/log" })))
        {
            using var answer = await client.GetAsync(new Uri($"/api/v2/{path}", UriKind.Relative), cancel);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            Keep($"the API's {path}", await answer.Content.ReadAsByteArrayAsync(cancel));
        }

        string[] files = ["/tasks/export.csv", "/tasks/export.ndjson", .. tasks.Select(id => $"/tasks/{id}/log.txt")];
        foreach (var path in files)
        {
            var answer = await page.APIRequest.GetAsync(new Uri(server.Url, path).ToString());
            Assert.True(answer.Ok, path);
            Keep($"the download {path}", await answer.BodyAsync());
        }
    }

    private void Keep(string place, byte[] bytes) => _seen.Enqueue((place, bytes));
}
