using Microsoft.Extensions.Options;
using Npgsql;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Web;

/// <summary>What whoever starts the program can put right, in one line; the rest is bugs and shows its trace.</summary>
internal static class StartUpTrouble
{
    public static string? Explain(Exception exception) => exception switch
    {
        DatabaseSettingException or KeyRingException or EnvelopeException or ListenException or SignInLinkException => exception.Message,
        OptionsValidationException options => string.Join(' ', options.Failures),
        PostgresException e => $"The database refuses: {e.MessageText} ({e.SqlState}).",
        NpgsqlException e => $"The database cannot be reached: {Reasons(e)}.",
        _ when exception.InnerException is NpgsqlException inner => Explain(inner),
        _ => null,
    };

    private static string Reasons(NpgsqlException e) =>
        e.InnerException is { } inner ? $"{e.Message}: {inner.Message}" : e.Message;
}
