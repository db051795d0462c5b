using System.Text;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Logs;

/// <summary>Maps categories to files below the folder of log files.</summary>
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

    /// <summary>The file of a category, or null if the category has none of its own.</summary>
    public static string? Of(string category)
    {
        foreach (var (prefix, folder, name) in Kinds)
        {
            if (category.StartsWith(prefix, StringComparison.Ordinal))
                return Path.Combine(folder, $"{name}-{Id(category.AsSpan(prefix.Length))}.log");
        }

        return null;
    }

    /// <summary>The category as the console shows it: <c>server 3</c>, or the name of a type without its namespace.</summary>
    public static string Display(string category)
    {
        foreach (var (prefix, _, name) in Kinds)
        {
            if (category.StartsWith(prefix, StringComparison.Ordinal))
                return $"{name} {SafeText.Of(category[prefix.Length..], LongestId)}";
        }

        return category[(category.LastIndexOf('.') + 1)..];
    }

    // An id may come from another machine, so characters that could form a path are replaced. So is the dot, which separates the numbers of
    // rolled files.
    private static string Id(ReadOnlySpan<char> id)
    {
        var name = new StringBuilder(LongestId);
        foreach (var c in id[..Math.Min(id.Length, LongestId)])
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_');
        return name.Length == 0 ? "_" : name.ToString();
    }
}
