namespace Platz.Core.Charts;

/// <summary>A user name and password that a registry takes.</summary>
public sealed record RegistryLogin(string Username, string Password)
{
    public override string ToString() => Username; // never the password, wherever this is printed
}

/// <summary>Who we are to a registry: nobody, whom the configuration names, or whom ECR lets us be for hours.</summary>
internal sealed class RegistryLogins(RegistrySource source, TimeProvider clock, AwsIdentity.Find identity) : IDisposable
{
    private readonly EcrTokens? _ecr =
        source.Provider is RegistryProvider.Ecr ? new EcrTokens(EcrAddress.Of(source), clock, identity) : null;

    public bool Any => _ecr is not null || source.HasCredentials;

    /// <summary>What to do about a refusal.</summary>
    public string Advice => (_ecr, Any) switch
    {
        (not null, _) => "Check what the AWS identity of this machine may read in ECR.",
        (_, true) => "Check the user name and password of the registry, and what they may read.",
        _ => "Give the registry a user name and password.",
    };

    public async ValueTask<RegistryLogin?> GetAsync(CancellationToken cancel) => _ecr switch
    {
        not null => await _ecr.GetAsync(cancel),
        _ when Any => new RegistryLogin(source.Username ?? "", source.Password ?? ""),
        _ => null,
    };

    public void Dispose() => _ecr?.Dispose();
}
