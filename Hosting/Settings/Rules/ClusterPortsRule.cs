namespace Shortline.Hosting;

/// <summary>The ports for gateways are as many as those of silos; they must exist and be others.</summary>
internal sealed class ClusterPortsRule : ISettingsRule
{
    private const string Client = "cluster.client_port_range_start";
    private const string Start = "cluster.silo_port_range_start";
    private const string End = "cluster.silo_port_range_end";
    private const int PortAfterLast = 65_536;

    public void Check(SettingsDraft draft)
    {
        if (draft.Number(Client) is not { } client || draft.Number(Start) is not { } start || draft.Number(End) is not { } end || end <= start)
            return;
        if (client + (end - start) > PortAfterLast)
            draft.Contradiction(Client, End, $"at most {PortAfterLast - (end - start)}, because silos have {end - start} ports up to {End}");
        else if (client < end && start < client + (end - start))
            draft.Contradiction(Client, Start, $"a port at least {end - start} away from {Start}, because both ranges have {end - start} ports");
    }
}
