using System.Text;

namespace Shortline.Hosting;

/// <summary>Which file, below the folder of log files, a category is written to.</summary>
internal static class LogFileName
{
    private const int LongestId = 64;

    private static readonly (string Prefix, string Folder, string Name)[] Kinds =
    [
        (LogCategories.ServerPrefix, "servers", "server"),
        (LogCategories.ClientPrefix, "clients", "client"),
        (LogCategories.ControllerPrefix, "controller", "controller"),
        (LogCategories.GatewayPrefix, "gateway", "gateway"),
        (LogCategories.SiloPrefix, "silo", "silo"),
    ];

    /// <summary>The category's own file, or null if it has none.</summary>
    public static string? Of(string category)
    {
        foreach (var (prefix, folder, name) in Kinds)
        {
            if (category.StartsWith(prefix, StringComparison.Ordinal))
                return Path.Combine(folder, $"{name}-{Id(category.AsSpan(prefix.Length))}.log");
        }

        return null;
    }

    /// <summary>The category for people: <c>server 3</c>, or the name of a type without its namespace.</summary>
    public static string Display(string category)
    {
        foreach (var (prefix, _, name) in Kinds)
        {
            if (category.StartsWith(prefix, StringComparison.Ordinal))
                return $"{name} {SafeText.Of(category[prefix.Length..], LongestId)}";
        }

        return category[(category.LastIndexOf('.') + 1)..];
    }

    // An id may be another machine's text. What could be a path is replaced; a dot too, which is for the numbers of rolled files.
    private static string Id(ReadOnlySpan<char> id)
    {
        var name = new StringBuilder(LongestId);
        foreach (var c in id[..Math.Min(id.Length, LongestId)])
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_');
        return name.Length == 0 ? "_" : name.ToString();
    }
}
