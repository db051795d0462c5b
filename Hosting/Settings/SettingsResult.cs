using System.Diagnostics.CodeAnalysis;

namespace Shortline.Hosting.Settings;

/// <summary>The settings, or everything that is wrong with them.</summary>
public sealed class SettingsResult
{
    internal SettingsResult(ShortlineSettings? settings, IReadOnlyList<string> faults, string notice)
    {
        Settings = settings;
        Faults = faults;
        Notice = notice;
    }

    /// <summary>The settings; null if there are faults.</summary>
    public ShortlineSettings? Settings { get; }

    /// <summary>
    /// Every fault as one line, <c>server.count = 0: a whole number from 1 to 1000 (config.json, line 3)</c>, in the order of the sources.
    /// Contradictions between settings come last.
    /// </summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>Which file was read, or that there is none; one sentence for the log.</summary>
    public string Notice { get; }

    /// <summary>Whether there are no faults.</summary>
    [MemberNotNullWhen(true, nameof(Settings))]
    public bool IsValid => Settings is not null;

    /// <summary>All faults as one message for the user.</summary>
    public string Describe() => Faults.Count == 0
        ? "The settings have no faults."
        : $"""
          The settings have {(Faults.Count == 1 ? "a fault" : $"{Faults.Count} faults")}:
            {string.Join("\n  ", Faults)}
          Every key is described in docs/configuration.md.
          """;
}
