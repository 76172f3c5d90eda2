using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api.Sdk;

/// <summary>
/// The existing product's own client, as npm has it, against the real web process, runner, Helm and cluster: every
/// method of every class, with every filter, and every answer held against the document that the client was made from.
/// </summary>
public sealed class SdkTests(PostgresServer postgres, ChartRegistry registry) : ClusterTest(postgres, registry)
{
    /// <summary>How the SDK is given its token: as the key of its header, or as a bearer's.</summary>
    private static readonly string[] s_ways = ["user", "bearer"];

    private readonly TempFolder _folder = new();
    private WebServer _server = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var db = await DbAsync();
        foreach (var how in s_ways)
        {
            db.Add(new User { DisplayName = $"bob-{how}", Email = $"bob@{how}.org" });
            db.Add(new Bot { DisplayName = $"robot-{how}" });
            db.Add(new Cluster
            {
                EnvId = Env.Id,
                ProviderId = $"test-{how}",
                Name = $"spare-{how}",
                RegionName = "local",
            });
        }

        await db.SaveChangesAsync(Cancel);
        await StartRunnerAsync();
        _server = await WebServer.StartAsync(ConnectionString, Cancel, keyFile: KeyFile);
    }

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_sdk_of_the_existing_product_does_here_all_that_it_can()
    {
        var document = new DocumentSchemas(await UpstreamDocument.ReadForAnswersAsync(Cancel));
        await using var db = await DbAsync();
        var token = await _server.TokenAsync(await db.Users.SingleAsync(u => u.Id == Alice.Id, Cancel), "sdk", Cancel);

        foreach (var answers in await Task.WhenAll(s_ways.Select(how => DriveAsync(how, token))))
        {
            answers.ForEach(answer => answer.Check(document));
            Assert.Empty(Operations(document).Except(answers.Where(a => a.IsDone).Select(a => a.Operation)));
            Assert.Empty(Filters(document).Except(answers.SelectMany(a => a.Parameters)));
        }
    }

    private async Task<List<SdkAnswer>> DriveAsync(string how, string token)
    {
        var file = _folder.File(how);
        var (code, output, error) = await Command.RunAsync(
            "node", [Path.Combine(Repository.Root, "Platz.Tests", "Web", "Api", "Sdk", "drive.mjs"), how],
            new Dictionary<string, string>
            {
                ["PLATZ_CLIENTS"] = await NpmClients.PathAsync(Cancel),
                ["PLATZ_ANSWERS"] = file,
                ["PLATZ_URL"] = _server.Url.ToString().TrimEnd('/'),
                ["PLATZ_TOKEN"] = token,
            },
            Cancel);
        var answers = File.Exists(file) ? await File.ReadAllLinesAsync(file, Cancel) : [];
        Assert.True(code == 0, $"{error}\n{string.Join('\n', answers.TakeLast(3))}");
        Assert.Equal("69 methods of 20 classes\n", output);
        return [.. answers.Select(SdkAnswer.Of)];
    }

    private static IEnumerable<string> Operations(DocumentSchemas document) =>
        document.Paths.SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key} {path.Key}"));

    private static IEnumerable<string> Filters(DocumentSchemas document) =>
        from path in document.Paths
        from method in path.Value!.AsObject()
        from parameter in method.Value!["parameters"]?.AsArray() ?? []
        where parameter["in"]!.GetValue<string>() is "query"
        select $"{method.Key} {path.Key} {parameter["name"]!.GetValue<string>()}";
}
