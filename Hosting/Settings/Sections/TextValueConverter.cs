using System.ComponentModel;
using System.Globalization;

namespace Shortline.Hosting.Settings.Sections;

/// <summary>A type of our own that a setting may have. Its <see cref="DescriptionAttribute"/> says what is allowed.</summary>
internal interface ITextValue<T>
    where T : class, ITextValue<T>
{
    /// <summary>Reads a value; null if the text is not allowed.</summary>
    static abstract T? TryParse(string text);
}

/// <summary>Lets the configuration binder read a type of our own.</summary>
internal sealed class TextValueConverter<T> : TypeConverter
    where T : class, ITextValue<T>
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        T.TryParse((string)value) ?? throw new FormatException($"'{value}' is no {typeof(T).Name}.");
}
