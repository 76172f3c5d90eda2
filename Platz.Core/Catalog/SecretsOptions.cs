using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Platz.Core.Catalog;

public sealed class SecretsOptions
{
    public const string Section = "Secrets";

    /// <summary>The file with the key-encryption keys; made, for its owner alone, where there is none.</summary>
    public string KeyFile { get; set; } = "";
}

public static class SecretsServices
{
    /// <summary>The <see cref="Envelope"/> that seals secrets at rest. Called by whoever needs it, any number of times.</summary>
    public static IServiceCollection AddPlatzSecrets(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(Envelope)))
        {
            return services;
        }

        services.AddOptions<SecretsOptions>().BindConfiguration(SecretsOptions.Section)
            .Validate(o => !string.IsNullOrWhiteSpace(o.KeyFile), "No key file is configured: set Secrets:KeyFile "
                + "(environment: Secrets__KeyFile) to a path outside the program's own folder.")
            .ValidateOnStart();
        services.TryAddSingleton(provider =>
            KeyRing.Load(provider.GetRequiredService<IOptions<SecretsOptions>>().Value.KeyFile));
        services.AddSingleton<Envelope>();
        return services;
    }
}
