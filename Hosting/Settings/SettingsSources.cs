using System.Collections;

namespace Shortline.Hosting;

/// <summary>Where settings are read from, the weakest first: defaults, a file, the environment, the command line.</summary>
public sealed record SettingsSources
{
    /// <summary>The file that is read if it is there and no other is named.</summary>
    public const string DefaultFile = "config.json";

    /// <summary>Folder that file names are relative to.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The file that was asked for by name, which must be there; null reads <see cref="DefaultFile"/> if it is there.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>
    /// Values that this program would rather start with, by key (<c>server.count</c>). They win over <see cref="DefaultFile"/>, which is
    /// written for all programs, and give way to a file that was asked for by name.
    /// </summary>
    public IReadOnlyDictionary<string, string> ProgramDefaults { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Environment variables; those that begin with <c>SHORTLINE__</c> are settings.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Settings of the command line.</summary>
    public SettingsArguments Arguments { get; init; } = SettingsArguments.Split([]);

    /// <summary>Names that <c>load_balancer.algorithm</c> may have.</summary>
    public required IReadOnlyCollection<string> KnownAlgorithms { get; init; }

    /// <summary>The sources of this process: its working directory and environment.</summary>
    /// <param name="arguments">Settings of its command line.</param>
    /// <param name="configFile">The file asked for, or null.</param>
    /// <param name="knownAlgorithms">Names that <c>load_balancer.algorithm</c> may have.</param>
    public static SettingsSources OfProcess(SettingsArguments arguments, string? configFile, IReadOnlyCollection<string> knownAlgorithms) => new()
    {
        WorkingDirectory = Directory.GetCurrentDirectory(),
        ConfigFile = configFile,
        Environment = System.Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal),
        Arguments = arguments,
        KnownAlgorithms = knownAlgorithms,
    };
}
