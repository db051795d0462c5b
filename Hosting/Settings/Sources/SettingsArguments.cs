namespace Shortline.Hosting;

/// <summary>
/// The part of a command line that sets settings: <c>--server:count 4</c> or <c>--server:count=4</c>. An option with a colon in its
/// name is a setting; every other word belongs to the program.
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

    private SettingsArguments(IReadOnlyList<SettingEntry> entries, IReadOnlyList<SettingsFault> faults, string[] others)
    {
        Entries = entries;
        Faults = faults;
        Others = others;
    }

    /// <summary>The words that are not settings, in their order: for the program's own options.</summary>
    public IReadOnlyList<string> Others { get; }

    internal IReadOnlyList<SettingEntry> Entries { get; }

    internal IReadOnlyList<SettingsFault> Faults { get; }

    /// <summary>The same with an option of the program's own that is short for a setting.</summary>
    /// <param name="option">The option: <c>--port</c>.</param>
    /// <param name="path">The setting: <c>load_balancer.client_side_port</c>.</param>
    /// <param name="value">Its value, not checked yet.</param>
    public SettingsArguments With(string option, string path, string value)
    {
        var twice = Entries.Any(entry => string.Equals(entry.Path, path, StringComparison.OrdinalIgnoreCase));
        return new SettingsArguments(
            [.. Entries, new SettingEntry(path, value, EntryKind.Text, $"command line, {option}")],
            twice ? [.. Faults, SettingsFault.Of(Origin, $"{option} is {path}, which is there a second time")] : Faults,
            [.. Others]);
    }

    /// <summary>Parts the words of a command line. What is wrong with a setting is told by <see cref="SettingsReader.Read"/>.</summary>
    public static SettingsArguments Split(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        List<SettingEntry> entries = [];
        List<SettingsFault> faults = [];
        List<string> others = [];
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!TryParseOption(arguments[i], out var path, out var value))
            {
                others.Add(arguments[i]);
            }
            else if (value is not null || TryTakeNext(arguments, ref i, out value))
            {
                if (entries.Exists(entry => string.Equals(entry.Path, path, StringComparison.OrdinalIgnoreCase)))
                    faults.Add(SettingsFault.Of(Origin, $"{path} is there a second time"));
                entries.Add(new SettingEntry(path, value!, EntryKind.Text, Origin));
            }
            else
            {
                faults.Add(SettingsFault.Of(Origin, $"{arguments[i]} has no value; write {arguments[i]} VALUE"));
            }
        }

        return new SettingsArguments(entries, faults, [.. others]);
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

    private static bool TryTakeNext(IReadOnlyList<string> arguments, ref int i, out string? value)
    {
        value = i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++i] : null;
        return value is not null;
    }
}
