using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Tests.Support;

/// <summary>A test with a database of its own, and the rows that most tests begin with.</summary>
public abstract class DatabaseTest(PostgresServer postgres) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private ServiceProvider? _services;

    /// <summary>The key-encryption keys of this test, for all the processes it starts.</summary>
    protected string KeyFile => _folder.File("kek");

    protected string ConnectionString { get; private set; } = "";

    protected IServiceProvider Services => _services!;

    protected TaskQueue Queue => Services.GetRequiredService<TaskQueue>();

    protected TaskHistory History => Services.GetRequiredService<TaskHistory>();

    protected NpgsqlDataSource Source => Services.GetRequiredService<NpgsqlDataSource>();

    protected static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    protected Env Env { get; private set; } = null!;

    protected Cluster Cluster { get; private set; } = null!;

    protected Kind Kind { get; private set; } = null!;

    protected Registry Registry { get; private set; } = null!;

    protected Chart Chart { get; private set; } = null!;

    protected Actor Alice { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.CreateDatabaseAsync();
        var services = new ServiceCollection();
        ConfigureServices(services);
        _services = services.BuildServiceProvider();
        await SeedAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _services!.DisposeAsync();
        await postgres.DropDatabaseAsync(ConnectionString);
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected virtual void ConfigureServices(IServiceCollection services)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("ConnectionStrings:Platz", ConnectionString), new("Secrets:KeyFile", KeyFile),
            ]).Build();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddPlatzIdentity();
        services.AddPlatzDatabase(configuration);
    }

    protected Task<PlatzDb> DbAsync() =>
        Services.GetRequiredService<IDbContextFactory<PlatzDb>>().CreateDbContextAsync(Cancel);

    protected async Task<Deployment> AddDeploymentAsync(string name = "shop")
    {
        await using var db = await DbAsync();
        var deployment = new Deployment
        {
            Name = name,
            KindId = Kind.Id,
            ClusterId = Cluster.Id,
            Namespace = Location.Name(Kind.Name, name),
            HelmChartId = Chart.Id,
        };
        db.Add(deployment);
        await db.SaveChangesAsync(Cancel);
        return deployment;
    }

    protected NewTask TaskFor(Deployment deployment, Operation? operation = null) => new()
    {
        DeploymentId = deployment.Id,
        EnvId = Env.Id,
        ClusterId = deployment.ClusterId,
        Operation = operation ?? new Install(Chart.Id, [], null),
        Actor = Alice,
        KindName = Kind.Name,
        DeploymentName = deployment.Name,
        ClusterName = Cluster.Name,
        Namespace = deployment.Namespace,
        ChartVersion = Chart.ImageTag,
    };

    protected async Task<Guid> EnqueueAsync(NewTask task)
    {
        await using var db = await DbAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        var id = await TaskQueue.EnqueueAsync(db, task, Cancel);
        await transaction.CommitAsync(Cancel);
        return id;
    }

    protected Task<Guid> EnqueueAsync(Deployment deployment) => EnqueueAsync(TaskFor(deployment));

    protected ClaimRequest Claims(int total = 100, string owner = "runner-1", int leaseSeconds = 20) =>
        new(owner, TimeSpan.FromSeconds(leaseSeconds), OperationJson.Kinds,
            new Dictionary<Guid, int> { [Cluster.Id] = total }, total);

    protected static TaskResult Done(DeploymentTask task) => new(
        task.Id, task.DeploymentId, task.Fence, DeploymentTaskStatus.Done, null, TaskEffect.Complete,
        DeploymentStatus.Running, RevisionChange.Record);

    protected async Task<int> ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(Cancel);
    }

    protected async Task<long> NumberAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    /// <summary>Every connection breaks and no other is let in, as when the server stops.</summary>
    protected Task CutDatabaseAsync() => OnServerAsync(database => $"""
        ALTER DATABASE "{database}" ALLOW_CONNECTIONS false;
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'
        """);

    /// <summary>Every connection breaks, and may be made again at once.</summary>
    protected Task BreakConnectionsAsync() => OnServerAsync(
        database => $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");

    /// <summary>And the test itself has no broken connections any more.</summary>
    protected async Task RestoreDatabaseAsync()
    {
        await OnServerAsync(database => $"""ALTER DATABASE "{database}" ALLOW_CONNECTIONS true""");
        Source.Clear();
    }

    private async Task OnServerAsync(Func<string, string> sql)
    {
        var own = new NpgsqlConnectionStringBuilder(ConnectionString);
        await using var admin = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false });
        await using var command = admin.CreateCommand(sql(own.Database!));
        await command.ExecuteNonQueryAsync(Cancel);
    }

    /// <summary>Waits, at most half a minute, until a condition in SQL holds.</summary>
    protected async Task UntilAsync(string condition)
    {
        await using var command = Source.CreateCommand($"SELECT {condition}");
        for (var tries = 0; await command.ExecuteScalarAsync(Cancel) is not true; tries++)
        {
            Assert.True(tries < 1500, $"It never came that {condition}");
            await Task.Delay(20, Cancel);
        }
    }

    private async Task SeedAsync()
    {
        await using var db = await DbAsync();
        Env = new Env { Name = "demo" };
        Cluster = new Cluster { EnvId = Env.Id, ProviderId = "test", Name = "one", RegionName = "local" };
        Kind = new Kind { Name = "Web" };
        Registry = new Registry { DomainName = "registry.test", RepoName = "web", KindId = Kind.Id, SourceName = "test" };
        Chart = NewChart("1.0.0");
        var alice = new User { DisplayName = "Alice", Email = "alice@example.org", IsAdmin = true };
        Alice = new Actor.User(alice.Id, alice.DisplayName);
        db.AddRange(Env, Kind, alice);
        await db.SaveChangesAsync(Cancel);
        db.AddRange(Cluster, Registry);
        await db.SaveChangesAsync(Cancel);
        db.Add(Chart);
        await db.SaveChangesAsync(Cancel);
    }

    protected Chart NewChart(string version) => new()
    {
        CreatedAt = DateTimeOffset.UnixEpoch,
        HelmRegistryId = Registry.Id,
        ImageDigest = $"sha256:{version}",
        ImageTag = version,
        ChartName = "web",
        ExtensionFiles = [],
    };
}
