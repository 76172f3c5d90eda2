using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platz.Chaos.Ledgers;
using Platz.Core.Tasks;
using Platz.Runner;
using Platz.Runner.Operations;
using Quartz;

namespace Platz.Chaos.Runners;

/// <summary>
/// A runner process of the campaign: the product's own dispatch, leases, rescue and drain, with no-ops for operations.
/// Ends with its parent.
/// </summary>
internal static class NoOpRunner
{
    public const string Command = "runner";

    /// <summary>The word on standard output that tells that it has begun its first task.</summary>
    public const string Ready = "ready";

    public const string FolderSetting = "NoOp:Folder";
    public const string NameSetting = "NoOp:Name";

    public static async Task<int> RunAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddEnvironmentVariables();
        builder.Logging.SetMinimumLevel(LogLevel.Warning)
            .AddSimpleConsole(console => console.SingleLine = true);
        AddServices(builder.Services, builder.Configuration);
        using var host = builder.Build();
        host.Services.GetRequiredService<EffectLedger>().OnFirst = () => Console.Out.WriteLine(Ready);
        EndWithParent();
        await host.RunAsync();
        return 0;
    }

    private static void AddServices(IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddOptions<NoOpOptions>().Bind(configuration.GetSection(NoOpOptions.Section));
        services.AddSingleton(provider => new EffectLedger(
            configuration[FolderSetting]!, configuration[NameSetting]!, provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<Standstills>();
        services.AddPlatzDispatch(configuration);
        services.AddSingleton<IOperationHandler<Upgrade>, NoOp<Upgrade>>();
        services.AddSingleton<IOperationHandler<InvokeAction>, NoOp<InvokeAction>>();
        services.AddSingleton<IOperationHandler<RestartK8sResource>, NoOp<RestartK8sResource>>();
        services.AddQuartz(RunnerServices.AddDispatchJob);
        services.AddQuartzHostedService();
    }

    /// <summary>Its standard input is a pipe from the parent, which nobody writes to.</summary>
    public static void EndWithParent()
    {
        var watch = new Thread(() =>
        {
            while (Console.In.Read() >= 0)
            {
            }

            Environment.Exit(1);
        })
        { IsBackground = true, Name = "parent" };
        watch.Start();
    }
}
