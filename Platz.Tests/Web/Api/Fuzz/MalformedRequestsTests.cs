using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api.Fuzz;

/// <summary>Alone, for it looks at the memory of the process.</summary>
[CollectionDefinition(nameof(MalformedRequests), DisableParallelization = true)]
public sealed class MalformedRequests;

[Collection(nameof(MalformedRequests))]
public sealed class MalformedRequestsTests(PostgresServer postgres) : WebTest(postgres)
{
    private const int Count = 10_000;
    private const int Parts = 4;
    private const int Clients = 4;
    private const int Shown = 5;

    /// <summary>Some 400 bytes for each request; what is logged of it is less.</summary>
    private const long MostGrowth = 1024 * 1024;

    /// <summary>Arrays that the process keeps for later bodies, as many as were ever needed at once.</summary>
    private const long MostPooled = 64 * 1024 * 1024;

    /// <summary>Another one finds others.</summary>
    private static readonly int s_seed = int.Parse(
        Environment.GetEnvironmentVariable("PLATZ_FUZZ_SEED") ?? "20261128", CultureInfo.InvariantCulture);

    private readonly ConcurrentQueue<string> _complaints = [];

    [Fact]
    public async Task Whatever_is_malformed_is_told_so_by_a_problem_document_and_leaves_nothing_behind()
    {
        var token = Api.DefaultRequestHeaders.GetValues("x-platz-token").Single();
        var fuzz = new RequestFuzz(await KnownAsync(), token, s_seed);

        var held = new List<(long Small, long Large)>();
        for (var part = 0; part < Parts; part++)
        {
            await SendAsync(fuzz, part * Count / Parts, (part + 1) * Count / Parts);
            held.Add(Held());
        }

        Assert.True(_complaints.IsEmpty, $"{_complaints.Count} of them:\n{string.Join('\n', _complaints.Take(Shown))}");
        // What is left behind is left by every part; what else lives in this process comes and goes.
        Assert.InRange(held.Zip(held.Skip(1), (a, b) => b.Small - a.Small).Min(), long.MinValue, MostGrowth);
        Assert.InRange(held[^1].Large - held[0].Large, long.MinValue, MostPooled);
        Assert.DoesNotContain(Server.Log.Lines, line =>
            line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal)
            || line.Contains("nhandled", StringComparison.Ordinal));
        await GetAsync("/api/v2/deployments");
    }

    private static (long Small, long Large) Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var sizes = GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo;
        return (Alive(sizes[0]) + Alive(sizes[1]) + Alive(sizes[2]), Alive(sizes[3]));

        static long Alive(GCGenerationInfo generation) => generation.SizeAfterBytes - generation.FragmentationAfterBytes;
    }

    private async Task SendAsync(RequestFuzz fuzz, int from, int to)
    {
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            using var http = new RawHttp(Server.Url);
            while (Interlocked.Increment(ref next) is var number && number < to)
            {
                var request = fuzz.Make(number);
                var answer = await http.SendAsync(request, Cancel);
                if (Complaint(request, answer) is { } complaint)
                {
                    _complaints.Enqueue($"Seed {s_seed}, request {number}: {complaint}\n{request}\n{answer}\n");
                }
            }
        }));
    }

    private static string? Complaint(FuzzRequest request, RawAnswer answer)
    {
        if (answer.Status == 0 && request.Missing > 0)
        {
            return null; // nobody is told when the one who asks has gone
        }

        if (answer.Status is < 400 or > 499)
        {
            return "This is no 4xx.";
        }

        if (answer.Type != "application/problem+json")
        {
            return "This is no problem document.";
        }

        var problem = JsonNode.Parse(answer.Body)!;
        return problem["status"]!.GetValue<int>() == answer.Status && problem["message"]!.GetValue<string>().Length > 0
            ? null
            : "This has no message, or another status.";
    }

    private async Task<KnownApi> KnownAsync()
    {
        await AddDeploymentAsync();
        var deployment = await AddDeploymentAsync("other");
        await EnqueueAsync(deployment);
        await PostAsync("/api/v2/bots", new { display_name = "ci" }, HttpStatusCode.Created);
        await PostAsync(
            "/api/v2/secrets", new { env_id = Env.Id, collection = "a", name = "b", contents = "c" },
            HttpStatusCode.Created);
        var document = await GetAsync("/openapi/v2.json");
        var ids = new Dictionary<string, string>();
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            if (document["paths"]![$"{path}/{{id}}"] is not null && methods!["get"] is not null
                && (await GetAsync(path))["items"]!.AsArray() is [{ } first, ..])
            {
                ids[path] = Text(first, "id");
            }
        }

        return new KnownApi(document, ids);
    }
}
