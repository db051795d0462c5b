namespace Shortline.Hosting;

/// <summary>A port must not be one of a range (its start included, its end not) from which the same process takes ports.</summary>
internal sealed class PortOutsideRangeRule(string port, string rangeStart, string rangeEnd) : ISettingsRule
{
    public void Check(SettingsDraft draft)
    {
        if (draft.Number(port) >= draft.Number(rangeStart) && draft.Number(port) < draft.Number(rangeEnd))
            draft.Contradiction(port, rangeStart, $"a port outside {rangeStart} to {rangeEnd}, which the servers take");
    }
}
