namespace Shortline.Hosting;

/// <summary>Ports that one process listens on must differ; 0 takes a free one and so is never taken.</summary>
internal sealed class DifferentPortsRule(params string[] ports) : ISettingsRule
{
    public void Check(SettingsDraft draft)
    {
        for (var i = 0; i < ports.Length; i++)
        {
            for (var earlier = 0; earlier < i; earlier++)
            {
                if (draft.Number(ports[i]) is > 0 and var port && port == draft.Number(ports[earlier]))
                    draft.Contradiction(ports[i], ports[earlier], $"another port than {ports[earlier]}, for one process may listen on both");
            }
        }
    }
}
