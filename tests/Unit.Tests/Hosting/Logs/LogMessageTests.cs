using System.Text.RegularExpressions;

namespace Shortline.Unit.Tests.Hosting.Logs;

/// <summary>Checks the log messages of all projects in their source.</summary>
public sealed partial class LogMessageTests
{
    /// <summary>
    /// Serilog finds a value by the name of its placeholder. A parameter named otherwise, or written with @, would leave the placeholder in
    /// the line.
    /// </summary>
    [Fact]
    public void Every_placeholder_has_a_parameter_of_its_name()
    {
        var messages = Directory.EnumerateFiles(Repository.PathOf("."), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}artifacts{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Message().Matches(File.ReadAllText(file)))
            .ToList();

        Assert.True(messages.Count > 50, $"Only {messages.Count} messages were found.");
        var faults =
            from message in messages
            let parameters = Parameter().Matches(message.Groups["parameters"].Value).Select(parameter => parameter.Groups["name"].Value).ToHashSet(StringComparer.OrdinalIgnoreCase)
            from placeholder in Placeholder().Matches(message.Groups["text"].Value)
            where !parameters.Contains(placeholder.Groups["name"].Value)
            select $"{message.Groups["method"].Value} has no parameter for {placeholder.Value}";
        Assert.Empty(faults);
    }

    [GeneratedRegex(@"\[LoggerMessage\((?<text>[^\]]*?)\)\]\s*(?:private|internal|public)\s+(?:static\s+)?partial\s+void\s+(?<method>\w+)\((?<parameters>[^)]*)\)", RegexOptions.None, 10_000)]
    private static partial Regex Message();

    [GeneratedRegex(@"(?<name>@?\w+)\s*(?:,|$)", RegexOptions.None, 10_000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\{(?<name>\w+)(?:[:,][^}]*)?\}", RegexOptions.None, 10_000)]
    private static partial Regex Placeholder();
}
