using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace Platz.Core.Charts;

/// <summary>
/// The AWS identity of this machine, wherever the SDK finds it: environment, web identity of a service account,
/// profile, container or instance.
/// </summary>
internal static class AwsIdentity
{
    public delegate Task<ImmutableCredentials> Find(CancellationToken cancel);

    /// <summary>The search may block on files and on addresses that do not answer.</summary>
    public static Task<ImmutableCredentials> FindAsync(CancellationToken cancel) => Task.Run(
        async () =>
        {
            using var resolver = new DefaultAWSCredentialsIdentityResolver();
            var credentials = await resolver.ResolveIdentityAsync(null, cancel);
            return await credentials.GetCredentialsAsync();
        },
        cancel);
}
