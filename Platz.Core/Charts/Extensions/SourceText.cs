namespace Platz.Core.Charts.Extensions;

internal static class SourceText
{
    /// <summary>No half of a character that is written as two.</summary>
    public static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])))
            {
                return false;
            }

            i += char.IsSurrogate(text[i]) ? 1 : 0;
        }

        return true;
    }
}
