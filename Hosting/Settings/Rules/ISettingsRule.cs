namespace Shortline.Hosting;

/// <summary>Something that must hold between settings which are each allowed by themselves.</summary>
internal interface ISettingsRule
{
    /// <summary>Adds a fault to the draft if it does not hold.</summary>
    void Check(SettingsDraft draft);
}
