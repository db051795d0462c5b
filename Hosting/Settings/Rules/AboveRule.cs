namespace Shortline.Hosting;

/// <summary>One number must be above another.</summary>
internal sealed class AboveRule(string upper, string lower) : ISettingsRule
{
    public void Check(SettingsDraft draft)
    {
        if (draft.Number(upper) <= draft.Number(lower))
            draft.Contradiction(upper, lower, $"above {lower}");
    }
}
