namespace Shortline.Hosting;

/// <summary>One thing that is wrong with the settings.</summary>
/// <param name="Key">The key, <c>server.count</c>; or, where a whole source is at fault, which: <c>config.json, line 3, column 5</c>.</param>
/// <param name="Value">What it is set to; null where a whole source is at fault.</param>
/// <param name="Allowed">What is allowed.</param>
/// <param name="Origin">Where the value comes from: file and line, environment variable, command line, default; null with a null value.</param>
public sealed record SettingsFault(string Key, string? Value, string Allowed, string? Origin)
{
    private const int LongestValue = 80;

    /// <summary>A fault of a whole source.</summary>
    internal static SettingsFault Of(string source, string problem) => new(source, null, problem, null);

    /// <summary>One line: <c>server.count = 0: a whole number from 1 to 1000 (config.json, line 3)</c>.</summary>
    public override string ToString() => Value is null
        ? $"{SafeText.Of(Key, 300)}: {SafeText.Of(Allowed, 1000)}"
        : $"{Clean(Key)} = {Clean(Value)}: {Allowed} ({Clean(Origin ?? "")})";

    private static string Clean(string text) => SafeText.Of(text, LongestValue);
}
