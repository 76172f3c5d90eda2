using Microsoft.Extensions.Options;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;
using Platz.Runner.Maintenance;
using Platz.Runner.Operations;
using Platz.Runner.Reporting;
using Platz.Runner.Resources;
using Platz.Runner.Watching;
using Quartz;

namespace Platz.Runner;

public static class RunnerServices
{
    public static IServiceCollection AddPlatzRunner(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHostedService<Preparation>();
        services.AddPlatzDispatch(configuration);
        services.AddPlatzCharts(configuration);

        services.AddSingleton<ConfiguredClusters>();
        services.AddSingleton<ChartInstallation>();
        services.AddSingleton<DeploymentValues>();
        services.AddSingleton<DeploymentCredentials>();
        services.AddSingleton<DeploymentTokens>();
        services.AddSingleton<IOperationHandler<Install>, InstallHandler>();
        services.AddSingleton<IOperationHandler<Upgrade>, UpgradeHandler>();
        services.AddSingleton<IOperationHandler<Reinstall>, ReinstallHandler>();
        services.AddSingleton<IOperationHandler<Recreate>, RecreateHandler>();
        services.AddSingleton<IOperationHandler<Uninstall>, UninstallHandler>();
        services.AddSingleton<IOperationHandler<RestartK8sResource>, RestartK8sResourceHandler>();
        services.AddSingleton<ActionRights>();
        services.AddSingleton<IOperationHandler<InvokeAction>, InvokeActionHandler>();
        services.AddSingleton<Exclusive>();
        services.AddSingleton<IdentityRetention>();
        services.AddSingleton<RunnerSettings>();
        services.AddSingleton<StatusMemory>();
        services.AddHostedService<ResourceWatcher>();
        AddJobs(services, configuration);
        services.AddQuartzHostedService();
        return services;
    }

    /// <summary>
    /// What claims tasks, keeps their leases and takes them to their end, whatever does the operations. The hosted
    /// services are started in this order and stopped in the other: no new work first, the leases to the last.
    /// </summary>
    internal static IServiceCollection AddPlatzDispatch(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPlatzDatabase(configuration);
        services.AddPlatzSecrets();
        AddOptions(services, configuration);
        services.AddSingleton<ClusterConnections>();
        services.AddSingleton<DeploymentSecrets>();
        services.AddSingleton<OperationHandlers>();
        services.AddSingleton<TaskExecutor>();
        services.AddSingleton<RescueClock>();
        services.AddSingleton<TaskPool>();
        services.AddSingleton<DispatchBell>();
        services.AddHostedService<Heartbeat>();
        services.AddHostedService(provider => provider.GetRequiredService<TaskPool>());
        services.AddHostedService(provider => provider.GetRequiredService<DispatchBell>());
        return services;
    }

    internal static void AddDispatchJob(IQuartzBuilder quartz) =>
        Every<DispatchJob>(quartz, DispatchJob.Key, TimeSpan.FromSeconds(1));

    private static void AddOptions(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RunnerOptions>().Bind(configuration.GetSection(RunnerOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RunnerOptions>, RunnerOptionsValidator>();
        services.AddOptions<ConfiguredClusterOptions>().Bind(configuration).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ConfiguredClusterOptions>, ConfiguredClusterOptionsValidator>();
        services.AddOptions<AuditHeadOptions>().Bind(configuration.GetSection(AuditHeadOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuditHeadOptions>, AuditHeadOptionsValidator>();
        services.AddOptions<HostOptions>().Configure<IOptions<RunnerOptions>>((host, runner) =>
            host.ShutdownTimeout = runner.Value.DrainTimeout + TimeSpan.FromSeconds(5));
    }

    private static void AddJobs(IServiceCollection services, IConfiguration configuration)
    {
        var poll = configuration.GetValue($"{RegistriesOptions.Section}:{nameof(RegistriesOptions.PollInterval)}",
            TimeSpan.FromSeconds(30));
        var status = configuration.GetValue($"{RunnerOptions.Section}:{nameof(RunnerOptions.StatusInterval)}",
            TimeSpan.FromSeconds(5));
        services.AddQuartz(quartz =>
        {
            AddDispatchJob(quartz);
            Every<ChartDiscoveryJob>(quartz, new JobKey("chart-discovery"), poll);
            Every<ClusterHealthJob>(quartz, new JobKey("cluster-health"), TimeSpan.FromSeconds(15));
            Every<CredentialRefreshJob>(quartz, new JobKey("credential-refresh"), TimeSpan.FromMinutes(1));
            Every<ResourceSyncJob>(quartz, new JobKey("resource-sync"), TimeSpan.FromSeconds(2));
            Every<StatusPollJob>(quartz, new JobKey("status-poll"), status);
            Every<InsightJob>(quartz, new JobKey("insight"), TimeSpan.FromMinutes(1));
            Every<AuditHeadJob>(quartz, new JobKey("audit-head"), TimeSpan.FromMinutes(10));
            Every<IdentityRetentionJob>(quartz, new JobKey("identity-retention"), TimeSpan.FromMinutes(1));
            Every<HelmPodSweepJob>(quartz, new JobKey("helm-pod-sweep"), TimeSpan.FromMinutes(1));
        });
    }

    private static void Every<TJob>(IQuartzBuilder quartz, JobKey key, TimeSpan interval)
        where TJob : IJob
    {
        quartz.AddJob<TJob>(job => job.WithIdentity(key).StoreDurably());
        quartz.AddTrigger(trigger => trigger.WithIdentity($"every-{interval.TotalSeconds}-s-{key.Name}").ForJob(key)
            .StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever()));
    }
}
