using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;

namespace Platz.Core.Identity;

public static class IdentityServices
{
    public static IServiceCollection AddPlatzIdentity(this IServiceCollection services)
    {
        services.AddPlatzSecrets();
        services.AddSingleton<LocalAdmin>();
        services.AddSingleton<SignInLinks>();
        services.AddSingleton<ApiTokens>();
        services.AddSingleton<TokenEditor>();
        services.AddSingleton<DeploymentTokens>();
        services.AddSingleton<TokenPepper>();
        services.AddSingleton<SessionKeys>();
        services.AddSingleton<Audit.AuditChain>();
        services.AddSingleton<Audit.AuditReads>();
        services.AddSingleton<SessionRegister>();
        services.AddSingleton<AttemptCounter>();
        services.AddSingleton<SignIns>();
        return services;
    }
}
