using System.Globalization;

namespace Platz.Core.Audit;

/// <summary>A setting of the configuration that is no secret.</summary>
/// <param name="Name">As in the configuration: <c>SignIn:AdminEmails</c>.</param>
/// <param name="Value">What is in force.</param>
/// <param name="Usual">What is without a configuration.</param>
public sealed record ConfiguredSetting(string Name, string Value, string Usual)
{
    /// <summary>All that can be set of some options.</summary>
    /// <param name="except">Secrets, and what is told in another way.</param>
    public static IEnumerable<ConfiguredSetting> Of<T>(string section, T options, params IReadOnlyList<string> except)
        where T : new()
    {
        var usual = new T();
        return from property in typeof(T).GetProperties()
               where property.CanWrite && !except.Contains(property.Name)
               select new ConfiguredSetting(
                   $"{section}:{property.Name}", Text(property.GetValue(options)), Text(property.GetValue(usual)));
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        IEnumerable<string> list => string.Join(", ", list),
        IFormattable other => other.ToString(format: null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{value.GetType()} is no setting that can be told."),
    };
}
