namespace Shortline.Hosting.Settings.Sources;

/// <summary>
/// The settings of a command line: <c>--server:count 4</c> or <c>--server:count=4</c>. An option with a colon in its name is a setting.
/// All other words belong to the program.
/// </summary>
public sealed class SettingsArguments
{
    /// <summary>What <c>--help</c> of every program says about settings.</summary>
    public const string Help =
        """
        Every setting can be given as --section:key VALUE, for example --server:count 4 or
        --load_balancer:client_side_port 6000. Settings come from config.json in the working
        directory, then from the environment (SHORTLINE__server__count=4), then from the
        command line. All keys are in docs/configuration.md.
        """;

    private const string Origin = "command line";

    private SettingsArguments()
    {
    }

    /// <summary>The words that are not settings, in their order.</summary>
    public IReadOnlyList<string> Others { get; private init; } = [];

    internal SettingsProvider Provider { get; } = new();

    /// <summary>Separates the settings from the other words. <see cref="SettingsReader.Read"/> reports what is wrong with them.</summary>
    public static SettingsArguments Split(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        List<string> others = [];
        var settings = new SettingsArguments { Others = others };
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--")
            {
                // What follows are names, whatever they look like.
                others.AddRange(arguments.Skip(i));
                break;
            }

            if (!TryParseOption(word, out var path, out var value))
                others.Add(word);
            else if (value is not null)
                settings.Add(path, value);
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
                settings.Add(path, arguments[++i]);
            else
                settings.Provider.AddFault(Origin, $"{word} has no value; write {word} VALUE");
        }

        return settings;
    }

    /// <summary>Adds the value of a short option, such as <c>--port</c>.</summary>
    /// <param name="option">The option.</param>
    /// <param name="path">The key that it sets: <c>load_balancer.client_side_port</c>.</param>
    /// <param name="value">The value, not checked yet.</param>
    public void Add(string option, string path, string value)
    {
        if (Provider.Has(path))
            Provider.AddFault(Origin, $"{option} sets {path}, which is given twice");
        Provider.Add(path, value, $"{Origin}, {option}");
    }

    private void Add(string path, string value)
    {
        if (Provider.Has(path))
            Provider.AddFault(Origin, $"{path} is given twice");
        Provider.Add(path, value, Origin);
    }

    private static bool TryParseOption(string word, out string path, out string? value)
    {
        (path, value) = ("", null);
        if (!word.StartsWith("--", StringComparison.Ordinal))
            return false;
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? word[2..] : word[2..equals];
        if (!name.Contains(':', StringComparison.Ordinal))
            return false;
        path = name.Replace(':', '.');
        value = equals < 0 ? null : word[(equals + 1)..];
        return true;
    }
}
