using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platz.Runner;

namespace Platz.Chaos.Runners;

/// <summary>The product's runner, whole and as it is, compiled ahead of time with the rest of the campaign.</summary>
internal static class WholeRunner
{
    public const string Command = "whole-runner";

    public static async Task<int> RunAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddPlatzRunner(builder.Configuration);
        using var host = builder.Build();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted
            .Register(() => Console.Out.WriteLine(NoOpRunner.Ready));
        NoOpRunner.EndWithParent();
        await host.RunAsync();
        return 0;
    }
}
