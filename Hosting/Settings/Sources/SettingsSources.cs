using System.Collections;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Settings.Sources;

/// <summary>Where settings are read from. A later source wins: defaults, a file, the environment, the command line.</summary>
public sealed record SettingsSources
{
    /// <summary>The file that is read if it exists and no other file is named.</summary>
    public const string DefaultFile = "config.json";

    private const string VariablePrefix = "SHORTLINE__";

    /// <summary>The folder to which file names are relative.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The file that the user named, which must exist. If null, <see cref="DefaultFile"/> is read if it exists.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>
    /// Defaults of one program, by key (<c>server.count</c>). They win over <see cref="DefaultFile"/>, which is written for all programs,
    /// but not over a file that the user named.
    /// </summary>
    public IReadOnlyDictionary<string, string> ProgramDefaults { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Environment variables. Those that start with <c>SHORTLINE__</c>, in any case, are settings.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The settings of the command line.</summary>
    public SettingsArguments Arguments { get; init; } = SettingsArguments.Split([]);

    /// <summary>The names that <c>load_balancer.algorithm</c> may have.</summary>
    public required IReadOnlyCollection<string> KnownAlgorithms { get; init; }

    /// <summary>The sources of this process: its working directory and environment.</summary>
    /// <param name="arguments">The settings of its command line.</param>
    /// <param name="configFile">The file that the user named, or null.</param>
    /// <param name="knownAlgorithms">The names that <c>load_balancer.algorithm</c> may have.</param>
    public static SettingsSources OfProcess(SettingsArguments arguments, string? configFile, IReadOnlyCollection<string> knownAlgorithms) => new()
    {
        WorkingDirectory = CurrentDirectory(),
        ConfigFile = configFile,
        Environment = System.Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal),
        Arguments = arguments,
        KnownAlgorithms = knownAlgorithms,
    };

    private static string CurrentDirectory()
    {
        try
        {
            return Directory.GetCurrentDirectory();
        }
        catch (IOException failure)
        {
            throw new StartFailedException("The working directory does not exist any more: change to one that does.", failure);
        }
    }

    /// <summary>Reads the sources.</summary>
    /// <param name="notice">Which file was read, or that there is none.</param>
    /// <returns>One provider for each source, the weakest first.</returns>
    internal SettingsProvider[] Read(out string notice)
    {
        var file = ReadFile(out notice);
        var programDefaults = new SettingsProvider();
        foreach (var (path, value) in ProgramDefaults)
            programDefaults.Add(path, value, "default of this program");
        var environment = new SettingsProvider();
        foreach (var (name, value) in Environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase))
                continue;
            var key = name[VariablePrefix.Length..].Replace("__", ".", StringComparison.Ordinal);
            if (environment.Find(key) is { } first)
                environment.AddFault($"environment {name}", $"{key} is given twice, first by {first.Origin["environment ".Length..]}");
            environment.Add(key, value, $"environment {name}");
        }

        return ConfigFile is null
            ? [file, programDefaults, environment, Arguments.Provider]
            : [programDefaults, file, environment, Arguments.Provider];
    }

    private SettingsProvider ReadFile(out string notice)
    {
        var name = ConfigFile ?? DefaultFile;
        var path = Path.Combine(WorkingDirectory, name);
        notice = $"Settings are read from {path}.";
        if (File.Exists(path))
            return JsonSettingsFile.Read(path, name);
        var provider = new SettingsProvider();
        if (Directory.Exists(path))
            provider.AddFault(name, "is a folder, not a file");
        else if (ConfigFile is not null)
            provider.AddFault(name, $"there is no such file ({path})");
        else
            notice = $"There is no {name} in {WorkingDirectory}: settings that are not given elsewhere have their defaults.";
        return provider;
    }
}
