namespace Shortline.Hosting;

/// <summary>The settings that belong to a certificate need one: without it they would be ignored and nothing encrypted.</summary>
internal sealed class ClusterCertificateRule : ISettingsRule
{
    private const string Certificate = "cluster.certificate";

    public void Check(SettingsDraft draft)
    {
        var cluster = draft.Settings.Cluster;
        if (cluster.Certificate.Length > 0 || draft.IsWrong(Certificate))
            return;
        foreach (var (key, value) in ((string, string)[])
        [
            ("cluster.certificate_key", cluster.CertificateKey),
            ("cluster.certificate_password", cluster.CertificatePassword),
            ("cluster.certificate_authority", cluster.CertificateAuthority),
        ])
        {
            if (value.Length > 0)
                draft.Contradiction(key, Certificate, $"empty, because {Certificate} is");
        }
    }
}
