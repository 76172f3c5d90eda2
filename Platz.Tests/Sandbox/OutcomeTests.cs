using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

/// <summary>The ways a pod can go wrong, by annotation or by itself, and where the reason stands.</summary>
public sealed class OutcomeTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    [Fact]
    public async Task Image_pull_waits_with_the_reason_and_events()
    {
        await CreateAsync("pull", "image-pull");

        await WaitingAsync("pull", "ErrImagePull");
        await WaitingAsync("pull", "ImagePullBackOff");
        Assert.Contains("BackOff", await EventsAsync("pull"));
        Assert.Contains("Failed", await EventsAsync("pull"));
    }

    [Fact]
    public async Task Unschedulable_says_so_in_a_condition_and_an_event_without_timestamps()
    {
        await CreateAsync("nowhere", "unschedulable");

        var pod = await sandbox.PodUntilAsync("out", "nowhere",
            pod => (string?)pod["status"]!["conditions"]?[0]!["reason"] == "Unschedulable", Cancel);
        Assert.Null(pod["status"]!["containerStatuses"]);
        var events =
            await sandbox.UntilAsync("/api/v1/namespaces/out/events?fieldSelector=involvedObject.name%3Dnowhere",
            list => list["items"]!.AsArray().Count > 0, Cancel);
        Assert.Equal("FailedScheduling", (string?)events["items"]![0]!["reason"]);
        Assert.Null(events["items"]![0]!["lastTimestamp"]);
        Assert.NotNull(events["items"]![0]!["eventTime"]);
    }

    [Fact]
    public async Task Crash_fails_once_or_loops_with_backoff()
    {
        await CreateAsync("crash-once", "crash");
        await CreateAsync("crash-loop", "crash", restartPolicy: "Always");

        var failed = await sandbox.PhaseAsync("out", "crash-once", "Failed", Cancel);
        Assert.Equal(1, (int)failed["status"]!["containerStatuses"]![0]!["state"]!["terminated"]!["exitCode"]!);
        var looping = await sandbox.PodUntilAsync("out", "crash-loop",
            pod => (int?)pod["status"]!["containerStatuses"]?[0]!["restartCount"] >= 2
                && State(pod)["waiting"]?["reason"]?.ToString() == "CrashLoopBackOff", Cancel);
        Assert.Equal("simulated crash\n", await sandbox.LogAsync("out", "crash-loop", Cancel, "previous=true"));
        Assert.NotNull(looping["status"]!["containerStatuses"]![0]!["lastState"]!["terminated"]);
    }

    [Fact]
    public async Task Out_of_memory_is_killed_with_137()
    {
        await CreateAsync("oom", "oom");

        var terminated = State(await sandbox.PhaseAsync("out", "oom", "Failed", Cancel))["terminated"]!;

        Assert.Equal((137, "OOMKilled"), ((int)terminated["exitCode"]!, (string)terminated["reason"]!));
    }

    [Fact]
    public async Task Never_ready_runs_but_is_not_ready()
    {
        await CreateAsync("unready", "never-ready", restartPolicy: "Always");

        var pod = await sandbox.PhaseAsync("out", "unready", "Running", Cancel);

        Assert.False((bool)pod["status"]!["containerStatuses"]![0]!["ready"]!);
    }

    [Fact]
    public async Task Log_lines_are_spread_over_the_seconds()
    {
        await CreateAsync("lines", null, """ "sandbox.platz.io/seconds":"0.4","sandbox.platz.io/log-lines":"3" """);

        await sandbox.PhaseAsync("out", "lines", "Succeeded", Cancel);

        Assert.Equal("line 1\nline 2\nline 3\n", await sandbox.LogAsync("out", "lines", Cancel));
    }

    [Fact]
    public async Task A_missing_volume_is_told_in_events_only_until_it_is_there()
    {
        await EnsureNamespaceAsync();
        await sandbox.CreatePodAsync("out", "mount", Cancel, "true",
            more: """ "volumes":[{"name":"v","secret":{"secretName":"later"}}],""");
        await sandbox.UntilAsync("/api/v1/namespaces/out/events?fieldSelector=involvedObject.name%3Dmount",
            list => list["items"]!.AsArray().Any(item => (string?)item!["reason"] == "FailedMount"
                && (int)item["count"]! > 1), Cancel);
        await WaitingAsync("mount", "ContainerCreating");

        await sandbox.PostAsync("/api/v1/namespaces/out/secrets", """{"metadata":{"name":"later"}}""", Cancel);

        await sandbox.PhaseAsync("out", "mount", "Succeeded", Cancel);
    }

    [Fact]
    public async Task A_job_with_no_retries_left_fails()
    {
        await EnsureNamespaceAsync();
        await sandbox.PostAsync("/apis/batch/v1/namespaces/out/jobs", """
            {"metadata":{"name":"migrate"},"spec":{"backoffLimit":1,"template":{"spec":{"restartPolicy":"Never",
            "containers":[{"name":"c","image":"x:1","command":["false"]}]}}}}
            """, Cancel);

        var job = await sandbox.UntilAsync("/apis/batch/v1/namespaces/out/jobs/migrate",
            job => job["status"]!["conditions"] is not null, Cancel);

        Assert.Equal("BackoffLimitExceeded", (string?)job["status"]!["conditions"]![0]!["reason"]);
        Assert.Equal(2, (int)job["status"]!["failed"]!);
    }

    private async Task CreateAsync(string name, string? outcome, string more = "", string restartPolicy = "Never")
    {
        await EnsureNamespaceAsync();
        var annotations = outcome is null ? more : $"\"sandbox.platz.io/outcome\":\"{outcome}\"";
        var created = await sandbox.PostAsync("/api/v1/namespaces/out/pods", $$$"""
            {"metadata":{"name":"{{{name}}}","annotations":{ {{{annotations}}} }},
            "spec":{"restartPolicy":"{{{restartPolicy}}}",
            "containers":[{"name":"c","image":"nginx:1"}]}}
            """, Cancel);
        Assert.Equal("Pod", (string?)created["kind"]);
    }

    private Task<JsonNode> WaitingAsync(string name, string reason) => sandbox.PodUntilAsync("out", name,
        pod => pod["status"]!["containerStatuses"] is not null
            && (string?)State(pod)["waiting"]?["reason"] == reason, Cancel);

    private async Task<IReadOnlyList<string?>> EventsAsync(string name)
    {
        var list = await sandbox.GetAsync(
            $"/api/v1/namespaces/out/events?fieldSelector=involvedObject.name%3D{name}", Cancel);
        return [.. list["items"]!.AsArray().Select(item => (string?)item!["reason"])];
    }

    private Task<JsonNode> EnsureNamespaceAsync() =>
        sandbox.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"out"}}""", Cancel);

    private static JsonNode State(JsonNode pod) => pod["status"]!["containerStatuses"]![0]!["state"]!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
