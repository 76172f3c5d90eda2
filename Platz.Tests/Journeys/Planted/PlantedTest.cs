using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Journeys.Planted;

/// <summary>Everything real, with secrets planted in it, and a registry and a cluster that say their callers' credentials.</summary>
public abstract class PlantedTest(PostgresServer postgres, ChartRegistry registry) : ClusterTest(postgres, registry)
{
    private readonly LogCapture _runnerLog = new();
    private readonly HashSet<string> _ends = [];
    private readonly TempFolder _folder = new();
    private SandboxServer _other = null!;
    private RunnerHost? _runner;
    private Notices? _notices;
    private string _password = "";

    internal Canaries Secrets { get; } = new();

    internal EchoingProxy RegistryProxy { get; private set; } = null!;

    internal EchoingProxy ClusterProxy { get; private set; } = null!;

    /// <summary>The env secret.</summary>
    protected Guid Database { get; private set; }

    /// <summary>A sensitive input of an action.</summary>
    protected string Note { get; private set; } = "";

    protected DeploymentCommands Commands => Services.GetRequiredService<DeploymentCommands>();

    /// <summary>How operations have ended so far.</summary>
    protected IReadOnlyCollection<string> Ends => _ends;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _notices = await Notices.ListenAsync(Source, Cancel);
        _other = await AddClusterAsync("other");
        _password = Secrets.Plant("sensitive input", "CORE");
        Note = Secrets.Plant("sensitive input of an action", "say \"CORE\" & é");
        var saved = await Services.GetRequiredService<SecretEditor>().CreateAsync(
            new NewSecret(Env.Id, "databases", "main", Secrets.Plant("env secret", "postgres://u:CORE&\"<é>@db/x")), Alice, Cancel);
        Database = Assert.IsType<SecretResult.Saved>(saved).Id;
        await PlantInRegistryAsync();
        await PlantInClusterAsync();
        Settings["Runner:HelmTimeout"] = "00:00:05";
        Settings["Runner:StatusInterval"] = "00:00:01";
        _runner = await RunnerHost.StartAsync(Settings, Cancel, _runnerLog);
        await ClusterAsync("other");
    }

    public override async ValueTask DisposeAsync()
    {
        if (_runner is not null)
        {
            await _runner.DisposeAsync();
        }

        if (_notices is not null)
        {
            await _notices.DisposeAsync();
        }

        await RegistryProxy.DisposeAsync();
        await ClusterProxy.DisposeAsync();
        _folder.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected JsonObject Config(string mode) => new() { ["mode"] = mode, ["password"] = _password, ["database"] = $"{Database}" };

    protected async Task<Guid?> EditAsync(Guid deployment, DeploymentEdit edit) =>
        Assert.IsType<SaveResult.Saved>(await Editor.UpdateAsync(deployment, edit, Alice, Cancel)).TaskId;

    protected async Task EndsWellAsync(Func<Task<Guid?>> begin) => await EndsWellAsync(await begin());

    protected Task EndsWellAsync(Guid? taskId) => EndAsync(taskId, DeploymentTaskStatus.Done, null);

    protected async Task FailsAsync(string reason, Func<Task<Guid?>> begin) => await FailsAsync(reason, await begin());

    protected Task FailsAsync(string reason, Guid? taskId) => EndAsync(taskId, DeploymentTaskStatus.Failed, reason);

    /// <summary>Waits for its end, and searches from now on for the tokens that there are by then.</summary>
    private async Task EndAsync(Guid? taskId, DeploymentTaskStatus end, string? reason)
    {
        var task = await EndOfAsync(taskId);
        Assert.True(task.Status == end, $"{task.OpKind} ended {task.Status}: {task.Reason}");
        if (reason is not null)
        {
            Assert.Contains(reason, task.Reason);
        }

        _ends.Add($"{task.OpKind} {task.Status}");
        foreach (var cluster in new[] { Sandbox, _other })
        {
            var creds = await cluster.GetAsync($"/api/v1/namespaces/{task.Namespace}/secrets/platz-creds", Cancel);
            Secrets.WatchData("token of the deployment", creds);
            foreach (var call in cluster.IngressCalls.Where(c => c.Headers.ContainsKey("Authorization")))
            {
                Secrets.Watch("token of a call", call.Headers["Authorization"]["Bearer ".Length..]);
            }
        }
    }

    protected Task<Guid?> LatestAsync(Guid deployment, string kind) => UntilIdAsync(db => db.Tasks
        .Where(t => t.DeploymentId == deployment && t.OpKind == kind)
        .OrderByDescending(t => t.CreatedAt).Select(t => (Guid?)t.Id).FirstOrDefaultAsync(Cancel));

    protected async Task<List<Guid>> TasksAsync()
    {
        await using var db = await DbAsync();
        return await db.Tasks.OrderBy(t => t.CreatedAt).Select(t => t.Id).ToListAsync(Cancel);
    }

    /// <summary>Each place in which something is found that must not be there.</summary>
    internal async Task<List<string>> LeaksAsync(Pages pages)
    {
        var leaks = new List<string>();
        foreach (var (table, rows) in await DatabaseDump.ReadAsync(Source, Cancel))
        {
            leaks.AddRange(Secrets.FindIn($"the table {table}", rows));
        }

        Assert.NotEmpty(_notices!.Heard);
        leaks.AddRange(Secrets.FindIn("what the database told listeners", string.Join('\n', _notices.Heard)));
        leaks.AddRange(Secrets.FindIn("the log of the runner", string.Join('\n', _runnerLog.Lines)));
        leaks.AddRange(pages.Seen.SelectMany(seen => Secrets.FindIn(seen.Place, seen.Bytes)));
        return leaks;
    }

    private async Task<Guid?> UntilIdAsync(Func<Platz.Core.Data.PlatzDb, Task<Guid?>> read) =>
        ((Guid[])await UntilAsync(async db => await read(db) is { } id ? new[] { id } : null))[0];

    /// <summary>A registry that wants a password.</summary>
    private async Task PlantInRegistryAsync()
    {
        await LeakyChart.PushAsync(Charts.Server, Cancel);
        var password = Secrets.Plant("registry password", "CORE&\"+/=");
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"platz:{password}"));
        RegistryProxy = await EchoingProxy.StartAsync(
            new HttpClient { BaseAddress = new Uri($"http://{Charts.Host}") },
            message => new { errors = new[] { new { code = "DENIED", message } } }, credentials => credentials == basic);
        Settings["Registries:Sources:1:Name"] = "planted";
        Settings["Registries:Sources:1:Url"] = new Uri(RegistryProxy.Url, "/planted").ToString();
        Settings["Registries:Sources:1:Username"] = "platz";
        Settings["Registries:Sources:1:Password"] = password;
    }

    /// <summary>A kubeconfig with a token, and with a key that nobody asks for.</summary>
    private async Task PlantInClusterAsync()
    {
        Secrets.Watch("token of the kubeconfig", Sandbox.AdminToken);
        ClusterProxy = await EchoingProxy.StartAsync(Sandbox.Client(""), message => new
        {
            kind = "Status",
            apiVersion = "v1",
            status = "Failure",
            message,
            reason = "Forbidden",
            code = 403,
        });
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=platz", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(90));
        var pem = key.ExportPkcs8PrivateKeyPem();
        Secrets.Watch("key of the kubeconfig", pem.Split('\n')[1]);
        var file = _folder.File("kubeconfig");
        await File.WriteAllTextAsync(file, $$"""
            apiVersion: v1
            kind: Config
            current-context: planted
            clusters: [{name: planted, cluster: {server: "{{ClusterProxy.Url}}" } }]
            contexts: [{name: planted, context: {cluster: planted, user: planted} }]
            users:
              - name: planted
                user:
                  token: {{Sandbox.AdminToken}}
                  client-certificate-data: {{Base64(certificate.ExportCertificatePem())}}
                  client-key-data: {{Base64(pem)}}
            """, Cancel);
        Settings["Clusters:0:Kubeconfig"] = file;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
