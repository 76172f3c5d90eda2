namespace Platz.Web.Shared;

/// <summary>Which page numbers a pager shows: the ends, and two to each side of where one is.</summary>
public static class PagerNumbers
{
    /// <returns>Null stands for a gap.</returns>
    public static IEnumerable<int?> Of(int current, int pages)
    {
        var last = 0;
        for (var number = 1; number <= pages; number++)
        {
            if (number > 1 && number < pages && Math.Abs(number - current) > 2)
            {
                number = number < current ? current - 3 : pages - 1;
                continue;
            }

            if (number - last > 1)
            {
                yield return null;
            }

            yield return last = number;
        }
    }
}
