using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Resources;

namespace Platz.Tests.Web.Access;

/// <summary>What there is to ask for, and who asks.</summary>
public sealed class World
{
    /// <summary>In the override of <see cref="Shop"/> and in no other text.</summary>
    public const string Override = "for-owners-only";

    public required IServiceProvider Services { get; init; }

    public required Env Env { get; init; }

    /// <summary>Where <see cref="Who.Elsewhere"/> is somebody.</summary>
    public Env Stage { get; } = new() { Name = "stage" };

    public required Cluster Cluster { get; init; }

    public required Kind Web { get; init; }

    public Kind Worker { get; } = new() { Name = "Worker" };

    public required Registry Registry { get; init; }

    public required Chart Chart { get; init; }

    /// <summary>Its chart has actions and manages databases, which <see cref="Client"/> uses.</summary>
    public required Deployment Shop { get; init; }

    public required Deployment Client { get; init; }

    /// <summary>An Upgrade of <see cref="Shop"/>, its revision.</summary>
    public Guid Done { get; set; }

    /// <summary>An Upgrade of <see cref="Shop"/>.</summary>
    public Guid Failed { get; set; }

    /// <summary>Of <see cref="Client"/>, asked for by a site admin.</summary>
    public Guid Pending { get; set; }

    public Guid Secret { get; set; }

    public Guid Pod { get; set; }

    public Guid DatabaseType { get; set; }

    public ManagedType Databases => new(DatabaseType, Web.Id, Web.Name, "Database", "Databases", "database");

    public Guid Database { get; set; }

    public Guid TagFormat { get; } = Guid.NewGuid();

    /// <summary>Who is asked about: a person and a bot of the env, each with a role there and one for the kind.</summary>
    public Looked Zoe { get; } = new();

    public Looked Helper { get; } = new();

    /// <summary>A bot with nothing.</summary>
    public Guid Spare { get; } = Guid.NewGuid();

    public Dictionary<Who, Actor> People { get; } = [];

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Somebody who is looked at, and what they have.</summary>
    public sealed class Looked
    {
        public Guid Id { get; } = Guid.NewGuid();

        public Guid EnvRole { get; } = Guid.NewGuid();

        public Guid KindRole { get; } = Guid.NewGuid();

        public Guid Token { get; set; }
    }
}
