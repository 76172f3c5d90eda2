using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Core.Values;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Values;

/// <summary>An env with a secret and resources, and another env that must never show through.</summary>
public abstract class CollectionsTest(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly Envelope _envelope = TestKeys.NewEnvelope();

    protected Collections Collections => Services.GetRequiredService<Collections>();

    protected SensitiveInputs Sensitive => Services.GetRequiredService<SensitiveInputs>();

    protected Env OtherEnv { get; } = new() { Name = "other" };

    protected Cluster OtherCluster { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        OtherCluster = new Cluster { EnvId = OtherEnv.Id, ProviderId = "other", Name = "two", RegionName = "local" };
        await AddAsync(OtherEnv);
        await AddAsync(OtherCluster);
    }

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton(_envelope);
    }

    protected async Task<T> AddAsync<T>(T row)
        where T : class
    {
        await using var db = await DbAsync();
        db.Add(row);
        await db.SaveChangesAsync(Cancel);
        return row;
    }

    protected Task<Deployment> AddDeploymentAsync(
        string name, Cluster cluster, bool enabled = true, DateTimeOffset? deletedAt = null) =>
        AddAsync(new Deployment
        {
            Name = name,
            KindId = Kind.Id,
            ClusterId = cluster.Id,
            Namespace = Location.Name(Kind.Name, name),
            HelmChartId = Chart.Id,
            Enabled = enabled,
            DeletedAt = deletedAt,
        });

    protected Task<EnvSecret> AddSecretAsync(string collection, string name, string contents, Env? env = null)
    {
        var secret = new EnvSecret
        {
            EnvId = (env ?? Env).Id,
            Collection = collection,
            Name = name,
            Contents = [],
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch.AddSeconds(1.5),
        };
        secret.Contents = _envelope.Seal(contents, secret.Context);
        return AddAsync(secret);
    }

    protected Task<DeploymentResourceType> AddTypeAsync(string key, Env? env) => AddAsync(
        new DeploymentResourceType { EnvId = env?.Id, DeploymentKindId = Kind.Id, Key = key, Spec = [] });

    protected Task<DeploymentResource> AddResourceAsync(
        DeploymentResourceType type, string name, Deployment? owner, JsonObject? props = null, Guid? id = null,
        bool exists = true) => AddAsync(new DeploymentResource
        {
            Id = id ?? Guid.CreateVersion7(),
            TypeId = type.Id,
            DeploymentId = owner?.Id,
            Name = name,
            Props = props ?? [],
            Exists = exists,
        });

    protected static InputField Input(
        InputCollection collection, params (string Field, JsonNode Value)[] filters) => new()
        {
            Id = "it",
            Type = InputType.CollectionSelect,
            Label = "It",
            Collection = collection,
            Filters = [.. filters.Select(f => new FieldCondition(f.Field, f.Value))],
        };

    protected async Task<IEnumerable<string>> LabelsAsync(InputField field) =>
        (await Collections.ChoicesAsync(Env.Id, self: null, field, chosen: null, Cancel)).Select(item => item.Label);
}
