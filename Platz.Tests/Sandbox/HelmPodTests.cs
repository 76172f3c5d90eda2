using Platz.Sandbox.Faults;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

/// <summary>
/// Pods with the helm image, as the runner makes them: own account, token, Secret with the chart's values.
/// </summary>
public sealed class HelmPodTests : IAsyncLifetime
{
    private readonly SandboxServer _sandbox = new();

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        await _sandbox.CreateNamespaceAsync("platz", Cancel);
        await _sandbox.CreateNamespaceAsync("shop", Cancel);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Run_helm_with_their_own_files_and_rights(int major)
    {
        await using var sandbox =
            new SandboxServer { Configure = options => options.HelmBinary = HelmBinaries.Of(major) };
        await sandbox.InitializeAsync();
        await sandbox.CreateNamespaceAsync("platz", Cancel);
        await sandbox.CreateNamespaceAsync("shop", Cancel);
        await HelmPod.PrepareAsync(sandbox, grant: true);

        await HelmPod.CreateAsync(sandbox, "install", HelmPod.Upgrade("web"));
        await sandbox.PhaseAsync("platz", "install", "Succeeded", Cancel);

        var log = await sandbox.LogAsync("platz", "install", Cancel);
        Assert.Contains("STATUS: deployed", log);
        var map = await sandbox.GetAsync("/api/v1/namespaces/shop/configmaps/shared-config", Cancel);
        Assert.Equal("from the mounted file", (string?)map["data"]!["a"]);
        var run = Assert.Single(sandbox.Ledger.Runs);
        Assert.Equal(("install", 0, false), (run.Pod, run.ExitCode, run.Scripted));
        Assert.True(run.FinishedAt >= run.StartedAt);
        Assert.Empty(Directory.GetDirectories(Path.Combine(sandbox.Folder, "data", "runs")));
    }

    [Fact]
    public async Task Have_no_more_rights_than_their_account()
    {
        await HelmPod.PrepareAsync(_sandbox, grant: false);
        await HelmPod.CreateAsync(_sandbox, "denied", HelmPod.Upgrade("web"));

        var pod = await _sandbox.PhaseAsync("platz", "denied", "Failed", Cancel);

        Assert.Contains("User \"system:serviceaccount:shop:deployer\" cannot list resource \"secrets\"",
            await _sandbox.LogAsync("platz", "denied", Cancel));
        var terminated = pod["status"]!["containerStatuses"]![0]!["state"]!["terminated"]!;
        Assert.Equal(1, (int)terminated["exitCode"]!);
        Assert.Contains("is forbidden", (string?)terminated["message"]);
    }

    [Theory]
    [InlineData("""["plugin","install","x"]""", "runs only helm")]
    [InlineData("""["upgrade","--install","x","/platz/chart.tgz","--post-renderer","/bin/sh"]""",
        "--post-renderer is not allowed")]
    [InlineData("""["upgrade","x","/platz/chart.tgz","--kube-apiserver=https://elsewhere"]""",
        "--kube-apiserver is not allowed")]
    [InlineData("""["template","x","../../../../../../../../etc","--debug"]""", "--debug is not allowed")]
    public async Task Run_nothing_but_known_commands_and_flags(string arguments, string refusal)
    {
        await HelmPod.PrepareAsync(_sandbox, grant: true);
        await HelmPod.CreateAsync(_sandbox, "refused", arguments);

        var pod = await _sandbox.PhaseAsync("platz", "refused", "Failed", Cancel);

        var terminated = pod["status"]!["containerStatuses"]![0]!["state"]!["terminated"]!;
        Assert.Equal((128, "StartError"), ((int)terminated["exitCode"]!, (string)terminated["reason"]!));
        Assert.Contains(refusal, (string?)terminated["message"]);
        Assert.Contains(refusal, await _sandbox.LogAsync("platz", "refused", Cancel));
        Assert.Empty(_sandbox.Ledger.Runs);
    }

    [Fact]
    public async Task Cannot_read_files_of_the_host()
    {
        await HelmPod.PrepareAsync(_sandbox, grant: true);
        await HelmPod.CreateAsync(_sandbox, "nosy", """
            ["template","x","/platz/chart.tgz","--set-file","a=/etc/hostname","-f","../../../../../../etc/hosts"]
            """);

        await _sandbox.PhaseAsync("platz", "nosy", "Failed", Cancel);

        Assert.Contains("no such file or directory", await _sandbox.LogAsync("platz", "nosy", Cancel));
    }

    [Fact]
    public async Task Run_no_credential_program_of_their_kubeconfig()
    {
        await HelmPod.PrepareAsync(_sandbox, grant: true, kubeconfig: """
            {"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"cluster":"c",
            "user":"c"}}],
            "clusters":[{"name":"c","cluster":{"server":"https://kubernetes.default.svc"}}],
            "users":[{"name":"c","user":{"exec":{"command":"/bin/sh","apiVersion":"client.authentication.k8s.io/v1"}}}]}
            """);
        await HelmPod.CreateAsync(_sandbox, "exec", HelmPod.Upgrade("web"));

        await _sandbox.PhaseAsync("platz", "exec", "Failed", Cancel);

        Assert.Contains("credential program", await _sandbox.LogAsync("platz", "exec", Cancel));
    }

    [Fact]
    public async Task Run_nothing_with_a_kubeconfig_that_hides_what_it_holds()
    {
        await HelmPod.PrepareAsync(_sandbox, grant: true, kubeconfig: """
            users: [{name: c,
            user: {token: x}}]
            """);
        await HelmPod.CreateAsync(_sandbox, "hidden", HelmPod.Upgrade("web"));

        await _sandbox.PhaseAsync("platz", "hidden", "Failed", Cancel);

        Assert.Contains("the kubeconfig cannot be read", await _sandbox.LogAsync("platz", "hidden", Cancel));
    }

    [Fact]
    public async Task Say_so_when_there_is_no_helm()
    {
        await using var sandbox = new SandboxServer { Configure = options => options.HelmBinary = "" };
        await sandbox.InitializeAsync();
        await sandbox.CreateNamespaceAsync("platz", Cancel);
        await sandbox.CreateNamespaceAsync("shop", Cancel);
        await HelmPod.PrepareAsync(sandbox, grant: true);
        await HelmPod.CreateAsync(sandbox, "none", HelmPod.Upgrade("web"));

        await sandbox.PhaseAsync("platz", "none", "Failed", Cancel);

        Assert.Contains("no helm binary", await sandbox.LogAsync("platz", "none", Cancel));
    }

    [Fact]
    public async Task Let_helm_end_in_order_when_they_are_deleted_with_grace()
    {
        await HelmPod.PrepareAsync(_sandbox, grant: true);
        await HelmPod.CreateAsync(
            _sandbox, "slow", HelmPod.Upgrade("slow", "web-1.0.0", "--wait", "--set", "cmd=exit 1"));
        await _sandbox.UntilAsync("/apis/apps/v1/namespaces/shop/deployments",
            list => list["items"]!.AsArray().Count > 0, Cancel);
        var follow = _sandbox.LogAsync("platz", "slow", Cancel, "follow=true");

        await _sandbox.DeleteAsync("/api/v1/namespaces/platz/pods/slow?gracePeriodSeconds=30", Cancel);

        Assert.Contains("Release slow has been cancelled.", await follow);
        await _sandbox.UntilAsync("/api/v1/namespaces/platz/pods", list => list["items"]!.AsArray().Count == 0, Cancel);
        var secrets = await _sandbox.GetAsync("/api/v1/namespaces/shop/secrets?labelSelector=owner%3Dhelm", Cancel);
        Assert.Equal("failed", (string?)secrets["items"]![0]!["metadata"]!["labels"]!["status"]);
    }

    [Fact]
    public async Task Leave_the_release_locked_when_helm_is_killed()
    {
        await HelmPod.PrepareAsync(_sandbox, grant: true);
        await HelmPod.CreateAsync(
            _sandbox, "slow", HelmPod.Upgrade("slow", "web-1.0.0", "--wait", "--set", "cmd=exit 1"));
        await _sandbox.UntilAsync("/apis/apps/v1/namespaces/shop/deployments",
            list => list["items"]!.AsArray().Count > 0, Cancel);

        await _sandbox.DeleteAsync("/api/v1/namespaces/platz/pods/slow?gracePeriodSeconds=0", Cancel);
        await HelmPod.CreateAsync(_sandbox, "next", HelmPod.Upgrade("slow", "web-1.0.0"));
        await _sandbox.PhaseAsync("platz", "next", "Failed", Cancel);

        Assert.Contains("another operation (install/upgrade/rollback) is in progress",
            await _sandbox.LogAsync("platz", "next", Cancel));
    }

    [Fact]
    public async Task Fail_with_DeadlineExceeded_when_their_time_is_up()
    {
        await HelmPod.PrepareAsync(_sandbox, grant: true);
        _sandbox.Faults.Add(new HelmScript { Text = "working\n", Seconds = 60 });
        await HelmPod.CreateAsync(_sandbox, "late", HelmPod.Upgrade("web"), "\"activeDeadlineSeconds\":1,");

        var pod = await _sandbox.PhaseAsync("platz", "late", "Failed", Cancel);

        Assert.Equal("DeadlineExceeded", (string?)pod["status"]!["reason"]);
        Assert.Equal("working\n", await _sandbox.LogAsync("platz", "late", Cancel));
    }

    [Fact]
    public async Task Run_a_script_in_helms_place_when_told_over_http()
    {
        await HelmPod.PrepareAsync(_sandbox, grant: true);
        await _sandbox.PostAsync("/sandbox/faults", """{"nextHelmRun":{"text":"scripted\n","exitCode":3}}""", Cancel);
        await HelmPod.CreateAsync(_sandbox, "scripted", HelmPod.Upgrade("web"));

        var pod = await _sandbox.PhaseAsync("platz", "scripted", "Failed", Cancel);

        Assert.Equal(3, (int)pod["status"]!["containerStatuses"]![0]!["state"]!["terminated"]!["exitCode"]!);
        var ledger = await _sandbox.GetAsync("/sandbox/ledger", Cancel);
        Assert.Equal((true, 3), ((bool)ledger[0]!["scripted"]!, (int)ledger[0]!["exitCode"]!));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
