namespace Shortline.Hosting;

/// <summary>Reads settings from environment variables: <c>SHORTLINE__server__count=4</c>, in any case.</summary>
internal static class EnvironmentSettings
{
    private const string Prefix = "SHORTLINE__";

    public static IEnumerable<SettingEntry> Read(IReadOnlyDictionary<string, string> environment) =>
        environment
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .Select(variable => new SettingEntry(Path(variable.Key), variable.Value, EntryKind.Text, $"environment {variable.Key}"));

    private static string Path(string variable) => variable[Prefix.Length..].Replace("__", ".", StringComparison.Ordinal);
}
