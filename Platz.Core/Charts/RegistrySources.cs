using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Platz.Core.Charts;

/// <summary>The registries of the configuration (<c>Registries</c>).</summary>
public sealed class RegistriesOptions
{
    public const string Section = "Registries";

    /// <summary>How often each registry is read again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(30);

    public List<RegistrySource> Sources { get; init; } = [];
}

/// <summary>Checks names and addresses at start, so that a typing error is found there.</summary>
public sealed class RegistriesOptionsValidator : IValidateOptions<RegistriesOptions>
{
    public ValidateOptionsResult Validate(string? name, RegistriesOptions options)
    {
        var errors = new List<string>();
        if (options.PollInterval < TimeSpan.FromSeconds(1))
        {
            errors.Add("Registries:PollInterval must be at least one second.");
        }

        for (var i = 0; i < options.Sources.Count; i++)
        {
            var source = options.Sources[i];
            if (source.Name.Length == 0)
            {
                errors.Add($"Registries:Sources:{i}:Name is missing.");
            }

            if (!RegistryAddress.TryParse(source.Url, out _, out var problem))
            {
                errors.Add($"Registries:Sources:{i}:Url: {problem}");
            }
            else if (source.Provider is RegistryProvider.Ecr && EcrAddress.Problem(source) is { } wrong)
            {
                errors.Add($"Registries:Sources:{i}: {wrong}");
            }
        }

        errors.AddRange(options.Sources.GroupBy(s => s.Name).Where(g => g.Count() > 1)
            .Select(g => $"Registries:Sources: the name '{g.Key}' is there twice."));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}

/// <summary>One connection for each configured registry, for as long as the process lives.</summary>
public sealed class RegistrySources(IOptions<RegistriesOptions> options, TimeProvider clock) : IDisposable
{
    private readonly Dictionary<string, OciRegistry> _sources =
        options.Value.Sources.ToDictionary(s => s.Name, s => new OciRegistry(s, clock));

    public IEnumerable<string> Names => _sources.Keys;

    public OciRegistry? Find(string name) => _sources.GetValueOrDefault(name);

    /// <summary>
    /// User name and password of a source, also those that are asked for first and hold for some hours only; null where
    /// there are none. Throws <see cref="RegistryException"/>.
    /// </summary>
    public async ValueTask<RegistryLogin?> CredentialsAsync(string name, CancellationToken cancel) =>
        Find(name) is { } registry ? await registry.LoginAsync(cancel) : null;

    public void Dispose()
    {
        foreach (var registry in _sources.Values)
        {
            registry.Dispose();
        }
    }
}

public static class ChartServices
{
    public static IServiceCollection AddPlatzCharts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RegistriesOptions>().Bind(configuration.GetSection(RegistriesOptions.Section))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<RegistriesOptions>, RegistriesOptionsValidator>();
        services.AddSingleton<RegistrySources>();
        services.AddSingleton<ChartDiscovery>();
        return services;
    }
}
