/** Themes of shared drives, as `about` lists them (recorded): name and colour. */
const THEMES: readonly (readonly [id: string, colorRgb: string])[] = [
  ['abacus', '#ea6100'], ['blueprints', '#4285f4'], ['bok_choy', '#689f38'], ['books', '#4285f4'], ['bread', '#ef6c00'],
  ['bubbles_color', '#f06292'], ['circuit', '#039be5'], ['clams', '#e91e63'], ['clovers', '#689f38'], ['cocktails', '#db4437'],
  ['concert', '#ef6c00'], ['desk', '#607d8b'], ['donut_coffee', '#f06292'], ['fabric_rolls', '#78909c'], ['flags', '#009688'],
  ['flower_field', '#e06055'], ['flowers', '#689f38'], ['glass', '#0f9d58'], ['lighthouse', '#039be5'], ['maps', '#8d6e63'],
  ['mountains', '#5c6bc0'], ['notebook', '#689f38'], ['paper_colored', '#9c27b0'], ['pencils', '#0097a7'], ['roofing_metal', '#039be5'],
  ['sticky_notes', '#0097a7'], ['table', '#8d6e63'], ['travel', '#039be5'], ['waves', '#ff5722'], ['waves_blue', '#5c6bc0'], ['wood', '#8d6e63'],
] // biome-ignore format: a table

export const DRIVE_THEMES = THEMES.map(([id, colorRgb]) => ({
  id,
  backgroundImageLink: `https://ssl.gstatic.com/team_drive_themes/${id}_background.jpg`,
  colorRgb,
}))

export const themeOf = (id: string) => DRIVE_THEMES.find((theme) => theme.id === id)
