using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Tls;

/// <summary>A PEM or PFX file that a setting names.</summary>
/// <param name="key">
/// The setting, for messages. The settings with the file and the password of its private key have the same name with <c>_key</c> and
/// <c>_password</c>.
/// </param>
/// <param name="path">The file.</param>
internal sealed class CertificateFile(string key, string path)
{
    private const string PemMark = "-----BEGIN ";

    /// <summary>All certificates of a PEM file.</summary>
    /// <exception cref="StartFailedException">The file cannot be read, or contains none.</exception>
    public X509Certificate2Collection ReadAll() => Certificates(Text() ?? throw new StartFailedException($"{key}: {path} is not a PEM file."));

    /// <summary>The certificate with its private key, and the other certificates of the file.</summary>
    /// <param name="keyPath">The PEM file with the key of a PEM certificate; empty if the certificate's own file has the key.</param>
    /// <param name="password">The password of the key or of the PFX file; empty for none.</param>
    /// <exception cref="StartFailedException">A file cannot be read, the password is wrong, or there is no key that fits.</exception>
    public (X509Certificate2 Own, X509Certificate2Collection Others) ReadWithKey(string keyPath, string password)
    {
        if (Text() is not { } pem)
            return ReadPfx(password);
        var certificates = Certificates(pem);
        var keyFile = keyPath.Length > 0 ? new CertificateFile($"{key}_key", keyPath) : this;
        var own = keyFile.AddKey(certificates[0], password, key);
        certificates.RemoveAt(0);
        return (Persisted(own), certificates);
    }

    /// <summary>The text of a PEM file; null if the file is of another kind.</summary>
    private string? Text()
    {
        var bytes = Bytes();
        var text = Encoding.UTF8.GetString(bytes);
        return text.Contains(PemMark, StringComparison.Ordinal) ? text : null;
    }

    /// <summary>The content of the file.</summary>
    /// <exception cref="StartFailedException">The file cannot be read.</exception>
    public byte[] Bytes()
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StartFailedException($"{key}: there is no file {path}.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StartFailedException($"{key}: {path} cannot be read: {failure.Message}", failure);
        }
    }

    private X509Certificate2Collection Certificates(string pem)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException failure)
        {
            throw new StartFailedException($"{key}: a certificate in {path} is damaged.", failure);
        }

        return certificates.Count > 0 ? certificates : throw new StartFailedException($"{key}: {path} contains no certificate.");
    }

    /// <summary>Adds the private key that this file contains.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="password">The password of the key; empty for none.</param>
    /// <param name="setting">The setting that names the certificate.</param>
    private X509Certificate2 AddKey(X509Certificate2 certificate, string password, string setting)
    {
        var pem = Text();
        if (pem?.Contains("PRIVATE KEY-----", StringComparison.Ordinal) != true)
            throw new StartFailedException($"{key}: {path} contains no private key in PEM form. Name the file that has it: {setting}_key.");
        try
        {
            return pem.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal)
                ? X509Certificate2.CreateFromEncryptedPem(certificate.ExportCertificatePem(), pem, password)
                : X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), pem);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new StartFailedException(
                $"{key}: the private key in {path} cannot be used. Either it does not belong to the certificate, or {setting}_password does not fit.",
                failure);
        }
    }

    private (X509Certificate2 Own, X509Certificate2Collection Others) ReadPfx(string password)
    {
        try
        {
            var all = X509CertificateLoader.LoadPkcs12Collection(Bytes(), password);
            var own = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
                ?? throw new StartFailedException($"{key}: {path} contains no certificate with a private key.");
            all.Remove(own);
            return (Persisted(own), all);
        }
        catch (CryptographicException failure)
        {
            throw new StartFailedException($"{key}: {path} is neither a PEM file nor a PFX file that {key}_password opens.", failure);
        }
    }

    // Windows makes no TLS connection with a key that exists only in memory.
    private static X509Certificate2 Persisted(X509Certificate2 own)
    {
        if (!OperatingSystem.IsWindows())
            return own;
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12, password), password);
    }
}
