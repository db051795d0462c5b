using Microsoft.Extensions.Options;
using Shortline.Hosting.Settings.Schema;
using Shortline.Hosting.Settings.Sources;

namespace Shortline.Hosting.Settings;

/// <summary>
/// Reads the settings of a process. A later source wins: defaults, <c>config.json</c>, environment variables, command line.
/// </summary>
public static class SettingsReader
{
    /// <summary>Reads and checks the settings.</summary>
    /// <returns>The settings, or every fault of every source. Wrong settings are not an exception.</returns>
    public static SettingsResult Read(SettingsSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var providers = sources.Read(out var notice);
        var input = new SettingsInput(new SettingsSchema(sources.KnownAlgorithms), providers);
        var options = new OptionsFactory<ShortlineSettings>([input], [], [input, new SettingsRules(input)]);
        try
        {
            return new SettingsResult(options.Create(Options.DefaultName), [], notice);
        }
        catch (OptionsValidationException exception)
        {
            return new SettingsResult(null, [.. exception.Failures], notice);
        }
    }
}
