using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>The <c>Impersonate-</c> headers (<c>kubectl --as</c>): whoever may, acts as somebody else.</summary>
internal sealed class Impersonation(Authorizer authorizer)
{
    private const string Authentication = "authentication.k8s.io";
    private const string Extra = "Impersonate-Extra-";
    private const string Account = "system:serviceaccount:";

    public Caller ActingAs(Caller caller, HttpRequest request)
    {
        var user = request.Headers["Impersonate-User"].ToString();
        string[] groups = [.. request.Headers["Impersonate-Group"].OfType<string>()];
        var uid = request.Headers["Impersonate-Uid"].ToString();
        var extras = request.Headers
            .Where(header => header.Key.StartsWith(Extra, StringComparison.OrdinalIgnoreCase))
            .SelectMany(header => header.Value,
                (header, value) => (Key: header.Key[Extra.Length..].ToLowerInvariant(), value))
            .ToList();
        if (user.Length == 0)
        {
            return groups.Length + uid.Length + extras.Count == 0
                ? caller
                : throw new ApiException(500, "InternalError",
                    $"Internal Server Error: \"{request.Path}\": requested more without impersonating a user");
        }

        authorizer.Require(caller, AsUser(user));
        foreach (var group in groups)
        {
            authorizer.Require(caller, new Attributes("impersonate", "", "groups", "", "", group));
        }

        foreach (var (key, value) in extras)
        {
            authorizer.Require(caller, new Attributes("impersonate", Authentication, "userextras", key, "", value ?? ""));
        }

        if (uid.Length > 0)
        {
            authorizer.Require(caller, new Attributes("impersonate", Authentication, "uids", "", "", uid));
        }

        return Become(user, groups);
    }

    private static Attributes AsUser(string user) => Parts(user) is [var ns, var name]
        ? new Attributes("impersonate", "", ResourceTypes.ServiceAccounts.Plural, "", ns, name)
        : new Attributes("impersonate", "", "users", "", "", user);

    /// <summary>The groups of an account are known, unless others are asked for.</summary>
    private static Caller Become(string user, string[] groups) => Parts(user) is [var ns, var name] && groups.Length == 0
        ? Caller.ServiceAccount(ns, name)
        : user == Caller.Anonymous.Name ? Caller.Anonymous : new Caller(user, [.. groups, "system:authenticated"]);

    private static string[] Parts(string user) =>
        user.StartsWith(Account, StringComparison.Ordinal) ? user[Account.Length..].Split(':') : [];
}
