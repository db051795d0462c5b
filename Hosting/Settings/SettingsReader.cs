namespace Shortline.Hosting;

/// <summary>
/// Reads the settings of a process. A later source wins over an earlier one: defaults, <c>config.json</c>, environment variables,
/// command line. Wrong input is a result with every fault, never an exception.
/// </summary>
public static class SettingsReader
{
    /// <summary>Reads and checks.</summary>
    public static SettingsResult Read(SettingsSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        List<SettingsFault> faults = [];
        List<SettingEntry> entries = [];
        var notice = ReadFile(sources, entries, faults);
        var programDefaults = sources.ProgramDefaults.Select(pair => new SettingEntry(pair.Key, pair.Value, EntryKind.Text, "this program's default"));
        entries.InsertRange(sources.ConfigFile is null ? entries.Count : 0, programDefaults);
        entries.AddRange(EnvironmentSettings.Read(sources.Environment));
        faults.AddRange(sources.Arguments.Faults);
        entries.AddRange(sources.Arguments.Entries);

        var draft = new SettingsDraft(new SettingsTable(sources.KnownAlgorithms), faults);
        foreach (var entry in entries)
            draft.Apply(entry);
        foreach (var rule in SettingsRules.All)
            rule.Check(draft);
        return new SettingsResult(faults.Count == 0 ? draft.Settings : null, faults, notice);
    }

    private static string ReadFile(SettingsSources sources, List<SettingEntry> entries, List<SettingsFault> faults)
    {
        var name = sources.ConfigFile ?? SettingsSources.DefaultFile;
        var path = Path.Combine(sources.WorkingDirectory, name);
        if (File.Exists(path))
            JsonSettingsFile.Read(path, name, entries, faults);
        else if (Directory.Exists(path))
            faults.Add(SettingsFault.Of(name, "is a folder, not a file"));
        else if (sources.ConfigFile is not null)
            faults.Add(SettingsFault.Of(name, $"there is no such file ({path})"));
        else
            return $"There is no {name} in {sources.WorkingDirectory}: every setting that is not given has its default.";
        return $"Settings are read from {path}.";
    }
}
