using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platz.Core.Explain;
using Platz.Core.Tasks;

namespace Platz.Core.Data;

/// <summary>How a process reaches its PostgreSQL.</summary>
public static class Database
{
    /// <summary>
    /// What the planner has to know, whatever the server is set to. A page read by an index costs hardly more than the next
    /// one, on today's disks and in memory; the usual 4 makes it read half a table where an index has the answer. And no
    /// statement of ours runs so long that compiling it pays. The connection string's own options come later and win.
    /// </summary>
    private const string Planner = "-c random_page_cost=1.1 -c jit=off";

    /// <summary>The service key of the data source that <see cref="Changes"/> listens over.</summary>
    public const string Listening = "listening";

    /// <summary>One data source for EF Core and the queue.</summary>
    public static NpgsqlDataSource Connect(string? connectionString) => Build(Settings(connectionString));

    /// <summary>
    /// No pool: a connection that has listened still does, and was given up in the middle of a read. What takes it
    /// next may wait for ever. It idles for hours; without keep-alive a silently dropped one is never noticed.
    /// </summary>
    internal static NpgsqlDataSource ConnectToListen(string? connectionString)
    {
        var settings = Settings(connectionString);
        (settings.Pooling, settings.KeepAlive) = (false, 15);
        return Build(settings);
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings) =>
        new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();

    private static NpgsqlConnectionStringBuilder Settings(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new DatabaseSettingException(
                "No database is configured: set ConnectionStrings:Platz (environment: ConnectionStrings__Platz).");
        }

        var settings = new NpgsqlConnectionStringBuilder(Readable(connectionString))
        {
            ApplicationName = "platz",
            // Nothing of ours changes session state, and the reset costs a quarter of the queue's speed (queue.md 0).
            NoResetOnClose = true,
            Timezone = "UTC",
            TcpKeepAlive = true,
            MaxAutoPrepare = 64,
        };
        settings.Options = $"{Planner} {settings.Options}".TrimEnd();
        return settings;
    }

    private static string Readable(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).ConnectionString;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new DatabaseSettingException($"ConnectionStrings:Platz cannot be read: {e.Message}");
        }
    }

    public static void Use(this DbContextOptionsBuilder options, NpgsqlDataSource database) =>
        options.UseNpgsql(database).UseSnakeCaseNamingConvention();

    public static IServiceCollection AddPlatzDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => Connect(configuration.GetConnectionString("Platz")));
        services.AddKeyedSingleton(Listening, (_, _) => ConnectToListen(configuration.GetConnectionString("Platz")));
        services.AddDbContextFactory<PlatzDb>((provider, options) =>
            options.Use(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<Audit.DeniedAttempts>();
        services.AddSingleton<Audit.ConfiguredSettings>();
        services.AddSingleton<TaskQueue>();
        services.AddSingleton<TaskHistory>();
        services.AddSingleton<TaskRelations>();
        services.AddSingleton<StatusCounts>();
        services.AddSingleton<Pulses>();
        services.AddSingleton<TaskSearch>();
        services.AddSingleton<TaskLog>();
        services.AddSingleton<FailedTasks>();
        services.AddSingleton<Tasks.Logs.LogReader>();
        services.AddSingleton<Tasks.Logs.LogChunks>();
        services.AddSingleton<Changes>();
        services.AddSingleton<Migrator>();
        services.AddSingleton<Deployments.DeploymentInputs>();
        services.AddSingleton<Deployments.DeploymentEditor>();
        services.AddSingleton<Deployments.DeploymentCommands>();
        services.AddSingleton<Deployments.TaskRepeats>();
        services.AddSingleton<Deployments.TaskComparison>();
        services.AddSingleton<BulkCancellation>();
        services.AddSingleton<Values.SensitiveInputs>();
        services.AddSingleton<Values.Collections>();
        services.AddSingleton<Insight.InsightRollup>();
        services.AddSingleton<Insight.InsightReports>();
        services.AddSingleton<Insight.TaskTimeline>();
        services.AddSingleton<Catalog.SecretEditor>();
        services.AddSingleton<Resources.DeploymentResourceEditor>();
        services.AddSingleton<Resources.ManagedResources>();
        services.AddSingleton<Catalog.EnvEditor>();
        services.AddSingleton<Catalog.EnvRegister>();
        services.AddSingleton<Catalog.ClusterEditor>();
        services.AddSingleton<Identity.MemberEditor>();
        services.AddSingleton<Identity.KindRoleEditor>();
        services.AddSingleton<Identity.MemberLists>();
        services.AddSingleton<Identity.BotEditor>();
        services.AddSingleton<Identity.UserEditor>();
        services.AddSingleton<Identity.PeopleLists>();
        services.AddSingleton<Catalog.RegistryEditor>();
        services.AddSingleton<Catalog.KindEditor>();
        services.AddSingleton<Catalog.SiteLists>();
        services.AddSingleton<Deployments.DeploymentList>();
        services.AddSingleton<Deployments.DeploymentRights>();
        services.AddSingleton<Resources.ResourceList>();
        services.AddSingleton<Jump.JumpSearch>();
        services.AddSingleton<Resources.ResourceDots>();
        services.AddSingleton<Activity.ActivityReads>();
        services.AddSingleton<Activity.FilterChoices>();
        services.AddSingleton<Activity.SavedViews>();
        services.AddSingleton<Activity.TouchedDeployments>();
        services.AddSingleton<Catalog.EnvLookup>();
        services.AddSingleton<Catalog.EnvChoices>();
        services.AddSingleton<Charts.ChartChoices>();
        services.AddSingleton<Charts.TagFormats>();
        services.AddSingleton<Charts.TagFormatReads>();
        services.AddSingleton(_ => Catalog.OwnAddress.Of(configuration));
        services.AddSingleton<Deployments.FinalValues>();
        return services;
    }
}

/// <summary>The connection string is missing or cannot be read; the message says what to do.</summary>
public sealed class DatabaseSettingException(string message) : Exception(message);
