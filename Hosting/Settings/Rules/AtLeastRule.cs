namespace Shortline.Hosting;

/// <summary>One number must not be below another.</summary>
internal sealed class AtLeastRule(string upper, string lower) : ISettingsRule
{
    public void Check(SettingsDraft draft)
    {
        if (draft.Number(upper) < draft.Number(lower))
            draft.Contradiction(upper, lower, $"at least {lower}");
    }
}
